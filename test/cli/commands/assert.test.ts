import { join } from 'node:path'
import t from 'tap'
import type { Assertion, Report } from '../../../lib/model/index.js'
import { readPolicyFile } from '../../../lib/policy/file.js'
import { policies } from '../../../lib/policy/table.js'
import { cli } from '../../helpers/cli.js'
import type { Machine } from '../../helpers/model.js'
import { report } from '../../helpers/report.js'
import { runCommand as run } from '../../helpers/verdicts.js'

const world = (differences: Partial<Machine>) => ({
  probe: async (): Promise<Report> => report(differences),
  readPolicy: async (path: string) => readPolicyFile(path),
})

/** The JSON answer of a modelled machine. */
async function answer(differences: Partial<Machine>, ...argv: string[]): Promise<Assertion> {
  return JSON.parse((await run(['assert', '--json', ...argv], world(differences))).stdout)
}

t.test('the exit status says whether everything that was asked for is met', async (t) => {
  const undecidable = { yama: 2, userNamespaces: false } as const
  for (const [code, differences, argv] of [
    [0, { yama: 1 }, ['--policy', 'stig']],
    [1, { yama: 2 }, ['--policy', 'stig']],
    [1, { yama: null }, ['--policy', 'lynis']],
    [3, undecidable, ['--policy', 'kspp']],
    [0, undecidable, ['--policy', 'cnspec']],
    [0, { yama: 1 }, ['--scope', '>=1']],
    [1, { yama: 0 }, ['--scope', '>=1']],
    [0, { yama: null }, ['--scope', '0']],
    [3, undecidable, ['--scope', '3']],
    [0, { yama: 1 }, ['--scope', '>=1', '--scope', '<3']],
    [0, { yama: 1 }, ['--relation', 'sibling=denied', '--relation', 'child=allowed']],
    [1, { yama: 1 }, ['--relation', 'sibling=denied', '--relation', 'child=denied']],
    [0, { yama: 2 }, ['--policy', 'cnspec', '--policy', 'lynis', '--scope', '2']],
    [1, { yama: 2 }, ['--policy', 'cnspec', '--policy', 'stig']],
    [1, undecidable, ['--policy', 'kspp', '--policy', 'stig']],
    [3, undecidable, ['--policy', 'kspp', '--policy', 'lynis']],
  ] as const) {
    const { code: found, stderr } = await run(['assert', ...argv], world(differences))
    t.equal(found, code, `${argv.join(' ')} at ${differences.yama}`)
    t.equal(stderr, '')
  }
})

t.test('what is measured is what the expectations are about', async (t) => {
  const asked = async (...argv: string[]) => (await run(['assert', ...argv])).asked
  const identities = ['caller', 'unprivileged', 'owner']
  t.same(await asked('--policy', 'cis'), [['probe', { identities }]])
  t.same(
    await asked(
      ...['--relation', 'user:alice/sibling=denied', '--as-user', 'bob', '--timeout', '250'],
    ),
    [['probe', { timeoutMs: 250, identities: [...identities, 'user:bob', 'user:alice'] }]],
  )
})

t.test('several policies are one answer, in the order in which they were asked for', async (t) => {
  const found = await answer(
    { yama: 1 },
    ...['--scope', '>=1', '--policy', 'kspp', '--policy', 'cis', '--policy', 'kspp'],
  )
  t.match(found, { schemaVersion: 1, met: false, certainty: 'proved' })
  t.strictSame(
    found.evaluations.map(({ policy, met }) => [policy.id, met]),
    [
      ['kspp', false],
      ['cis', true],
      ['command-line', true],
    ],
  )
  t.equal(
    found.message,
    'This machine does not meet 1 of the 3 that were asked for, and no scope meets all of them.',
  )
  t.strictSame(found.remedies, [], 'no remedy meets both')
})

t.test('the remedy for several policies meets all of them', async (t) => {
  const { remedies, message } = await answer({ yama: 0 }, '--policy', 'lynis', '--policy', 'cnspec')
  t.strictSame(
    remedies.map(({ id }) => id),
    ['scope-2-now', 'scope-permanently'],
  )
  t.equal(message, 'This machine meets none of the 2 that were asked for.')
})

t.test('text has the verdict first, then each expectation, then who contradicts', async (t) => {
  const { stdout } = await run(['assert', '--policy', 'cnspec'], world({ yama: 1 }))
  const [verdict = '', policy = '', auditors = '', remedies = ''] = stdout.split('\n\n')
  t.match(verdict, /^This machine does not meet cnspec: it enforces scope 1 \(restricted\), and/)
  t.match(policy, /^cnspec: Mondoo cnspec, Linux security \(2026-06-14\)\n {2}https:/)
  t.match(policy, /no +scope +2 or 3 +1\n/)
  t.match(policy, /ok +unprivileged\/sibling +denied +denied +unprivileged\/sibling\/seize\n/)
  t.match(policy, /no +unprivileged\/child +denied +allowed +unprivileged\/child\/seize$/)
  t.match(auditors, /^Auditors contradict one another\n {2}No scope that cnspec accepts is/)
  t.match(auditors.replace(/\s+/g, ' '), 'stig (1), cis (1), complianceascode (1)')
  t.match(remedies, 'sysctl -w kernel.yama.ptrace_scope=2')
  t.match(remedies, /\n {6}ptrace-probe settings\n/)
  t.ok(stdout.split('\n').every((line) => line.length <= 80))
})

t.test('a disagreement of value and behaviour is in the text', async (t) => {
  const probe = async () => report({ yama: 0 }, { declared: 1 })
  const { stdout, code } = await run(['assert', '--policy', 'stig'], { probe })
  t.equal(code, 1)
  t.match(
    stdout.replace(/\s+/g, ' '),
    'says 1, which the policy accepts, but the machine behaves otherwise',
  )
})

t.test('a policy of one’s own is read from a file', async (t) => {
  const path = join(
    t.testdir({ 'own.json': '{"id":"own","relations":["parent=denied"]}' }),
    'own.json',
  )
  t.equal((await run(['assert', '--policy-file', path], world({ yama: 1 }))).code, 0)
  t.equal((await run(['assert', '--policy-file', path], world({ yama: 0 }))).code, 1)
})

t.test(
  'the answer says where a policy came from, and no file passes for an authority',
  async (t) => {
    const path = join(t.testdir({ 'own.json': '{"$schema":"x","id":"own","scope":1}' }), 'own.json')
    const argv = ['assert', '--policy-file', path, '--policy', 'stig', '--scope', '1']
    const { stdout } = await run([...argv, '--json'], world({ yama: 1 }))
    const { evaluations } = JSON.parse(stdout)
    t.strictSame(
      evaluations.map(({ policy }: { policy: { origin: string } }) => policy.origin),
      ['known', `file:${path}`, 'command-line'],
    )
    t.match(evaluations[1].message, `This machine meets the policy 'own' of the file '${path}': `)
    t.match((await run(argv, world({ yama: 1 }))).stdout, `from the file ${path}`)
    const pretender = join(t.testdir({ 'stig.json': '{"id":"stig","scope":">=0"}' }), 'stig.json')
    const refused = await run(['assert', '--policy-file', pretender], world({ yama: 0 }))
    t.equal(refused.code, 2)
    t.match(refused.stderr, /\/id: expected a name of your own/)
  },
)

t.test(
  'all policies at once are a row each, in full with --verbose, and one sentence with --quiet',
  async (t) => {
    const print = async (...more: string[]) =>
      (
        await run(['assert', '--policy', 'all', ...more], {
          ...world({ yama: 1 }),
          env: { LANG: 'C.UTF-8' },
        })
      ).stdout
    const table = await print()
    for (const { id } of policies) t.match(table, new RegExp(`^  [✓✗] +${id} `, 'm'))
    t.ok(table.split('\n').length < 40)
    t.match(table, /^ {2}✗ +kspp +3 +scope, child, capable\/child$/m)
    t.match(await print('--verbose'), /^ +✗ +unprivileged\/child +denied +allowed/m)
    t.equal((await print('--quiet')).split('\n').length, 3)
  },
)

for (const [argv, expected] of [
  [[], 'assert needs to know what: --policy NAME, --policy-file FILE, --scope SCOPES or'],
  [['--policy', 'nope\u001b'], "unknown policy 'nope?', expected one of all, desktop, server"],
  [['--policy-file', ''], "option --policy-file expects the name of a file, got ''"],
  [['--policy-file', '/nonexistent'], "policy file '/nonexistent': there is no such file"],
  [['--scope', '5'], 'option --scope expects a scope from 0 to 3, a list such as 1,2 or'],
  [['--scope', '>3'], 'option --scope expects a condition that some scope meets'],
  [['--scope', '<1', '--scope', '>2'], 'nothing can meet this: no scope meets all'],
  [['--relation', 'sibling'], 'option --relation expects [IDENTITY/]RELATION[+CONSENT][/METHOD]='],
  [['--policy', 'stgi'], "unknown policy 'stgi'. Did you mean 'stig'?"],
  [['--relation', 'sibing=denied'], "option --relation expects the relation 'sibling'"],
  [['--relation', 'uncle=denied'], 'option --relation expects the relation in it to be one of'],
  [['--scope', '0', '--relation', 'sibling=denied'], 'nothing can meet this: scope 0 and'],
  [['cis'], "unexpected argument 'cis', assert takes only options"],
] as const) {
  t.test(`assert ${argv.join(' ')} is a usage mistake, told in one sentence`, async (t) => {
    const { code, stdout, stderr, asked } = await run(['assert', ...argv], {
      readPolicy: async (path) => readPolicyFile(path),
    })
    t.match({ code, stdout, asked }, { code: 2, stdout: '', asked: [] })
    t.ok(stderr.startsWith(`ptrace-probe: ${expected}`), stderr)
    t.match(stderr, /^[^\n]+(?: \(see 'ptrace-probe help assert'\)|\?)\n$/)
  })
}

t.test('without an expectation the policies are named', async (t) => {
  const { stderr } = await run(['assert'])
  for (const { id } of policies) t.match(stderr, id)
})

t.test('the policies are listed with source, date and what they expect', async (t) => {
  const { code, stdout, asked } = await run(['assert', '--list-policies'])
  t.equal(code, 0)
  t.same(asked, [], 'nothing is measured')
  const text = stdout.replace(/\s+/g, ' ')
  for (const { id, title, source, date, relations } of policies) {
    t.match(text, `${id}: ${title} (${date}) ${source} scope `)
    t.match(text, relations.join(', '))
  }
})

t.test('where nothing can be measured, the exit status is 3', async (t) => {
  const probe = async (): Promise<Report> => {
    throw new Error('works on Linux only')
  }
  const { code, stderr } = await run(['assert', '--policy', 'cis'], { probe })
  t.match({ code, stderr }, { code: 3, stderr: 'ptrace-probe: works on Linux only\n' })
})

t.test('the built command agrees with itself about this machine', async (t) => {
  const { scope } = JSON.parse(cli(['--json']).stdout) as Report
  for (const { id } of policies) {
    const { stdout, stderr, code } = cli(['assert', '--policy', id, '--json'])
    t.equal(stderr, '')
    const found = JSON.parse(stdout) as Assertion
    t.equal(code, found.met === null ? 3 : found.met ? 0 : 1, id)
    t.same(found.scope.declared, scope.declared)
  }
})
