import t from 'tap'
import type { Machine } from '../helpers/model.js'
import { report } from '../helpers/report.js'
import { runCommand } from '../helpers/verdicts.js'

/** What `assert` prints for a modelled machine. */
async function text(world: Partial<Machine>, ...argv: string[]): Promise<string> {
  const { stdout } = await runCommand(['assert', ...argv], { probe: async () => report(world) })
  return stdout
}

t.test(
  'the text names each policy, what it expects and what would change the answer',
  async (t) => {
    const said = await text({ yama: 0 }, '--policy', 'cis', '--policy', 'desktop')
    t.match(said, /^cis: /m)
    t.match(said, /^desktop/m)
    t.match(said, /^What would change it, least privilege first:$/m)
  },
)

t.test('a policy that is met is told without advice', async (t) => {
  t.notMatch(await text({ yama: 1 }, '--policy', 'cis'), /What would/)
})

t.test('where the scope cannot be told, the text says what would make it measurable', async (t) => {
  const said = await text({ yama: 2, userNamespaces: false }, '--policy', 'kspp')
  t.match(said, /^What would make it measurable, least privilege first:$/m)
})

t.test('a list of policies shows the scopes and relations that each expects', async (t) => {
  const { stdout } = await runCommand(['assert', '--list-policies'])
  t.match(stdout, /^cis: /m)
  t.match(stdout, /scope 1\b/)
})

t.test('no line of the answer is longer than 80 columns or ends with a space', async (t) => {
  for (const yama of [null, 0, 1, 2, 3] as const) {
    const said = await text({ yama }, '--policy', 'stig', '--policy', 'dmz', '--scope', '>=1')
    t.strictSame(
      said.split('\n').filter((line) => line.length > 80 || /\s$/.test(line)),
      [],
    )
  }
})

t.test('many policies are a row each, and sentences where a terminal is narrow', async (t) => {
  const run = (columns: number) =>
    runCommand(['assert', '--policy', 'all'], {
      probe: async () => report({ yama: 1 }),
      isTTY: true,
      columns,
      rows: 500,
      env: { NO_COLOR: '1' },
    })
  t.match((await run(80)).stdout, /^ {2}no +kspp +3 +scope, child, capable\/child$/m)
  const narrow = (await run(40)).stdout
  t.match(narrow, /^ {2}no kspp: scope 3; not as expected:$/m)
  t.match(narrow, /^ {2}ok cis: scope 1$/m)
  for (const line of narrow.split('\n')) {
    t.ok(line.length <= 40 || !line.trim().includes(' ') || line.startsWith('      '), line)
  }
})

t.test('the text says from which file a policy is', async (t) => {
  const policy = {
    origin: 'file:own.json',
    id: 'own',
    title: 'Ours',
    source: null,
    date: null,
    scope: [1],
    relations: [],
  } as const
  const { stdout } = await runCommand(['assert', '--policy-file', 'own.json'], {
    probe: async () => report({ yama: 1 }),
    readPolicy: async () => policy,
  })
  t.match(stdout, /^own: Ours$\n^ {2}from the file own\.json$/m)
})
