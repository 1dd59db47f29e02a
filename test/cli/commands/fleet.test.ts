import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Outside } from '../../../lib/cli/context.js'
import { envelope } from '../../helpers/envelopes.js'
import { unknownScope } from '../../helpers/report.js'
import { runCommand } from '../../helpers/verdicts.js'

t.test('collect prints one line of JSON, with the policies that were asked about', async (t) => {
  const { stdout, code, asked } = await runCommand([
    'collect',
    '--policy',
    'stig',
    '--policy',
    'kspp',
  ])
  t.equal(code, 0)
  t.match(stdout, /^[^\n]+\n$/)
  const { host, asserts } = JSON.parse(stdout)
  t.equal(host, 'a.example')
  t.strictSame(
    asserts.map(({ policy }: { policy: { id: string } }) => policy.id),
    ['stig', 'kspp'],
  )
  t.match(asked, [['collect', { policies: [{ id: 'stig' }, { id: 'kspp' }] }]])
  const all = await runCommand(['collect', '--policy', 'all'])
  t.ok(JSON.parse(all.stdout).asserts.length > 10)
  t.equal((await runCommand(['collect', '--json'])).stdout, (await runCommand(['collect'])).stdout)
})

t.test('collect exits with 3 where nothing was measured, and still says so', async (t) => {
  const plain = envelope()
  const scope = { ...plain.report.scope, enforced: unknownScope }
  const report = { ...plain.report, observations: [], scope }
  const collect = async () => ({ ...plain, report })
  const { code, stdout } = await runCommand(['collect'], { collect })
  t.equal(code, 3)
  t.match(JSON.parse(stdout), { report: { observations: [] } })
})

t.test('collect knows its policies, and takes no operand', async (t) => {
  t.match(await runCommand(['collect', '--policy', 'no']), {
    code: 2,
    stderr: /unknown policy 'no', exp/,
  })
  t.match(await runCommand(['collect', 'x']), { code: 2, stderr: /collect takes only options/ })
})

const files = (t: Test) =>
  t.testdir({
    'a.json': `${JSON.stringify(envelope({ yama: 1 }, [], { host: 'a' }))}\n`,
    'b.json': `${JSON.stringify(envelope({ yama: 0 }, [], { host: 'b' }))}\nno\n`,
    'c.json': JSON.stringify(envelope({ yama: 0 }, [], { host: 'c' })),
  })

t.test('merge exits with 1 where a line could not be read, and names it', async (t) => {
  const directory = files(t)
  t.match(await runCommand(['merge', join(directory, 'a.json')]), { code: 0, stderr: '' })
  const { code, stdout, stderr } = await runCommand(['merge', directory, '--json'])
  t.equal(code, 1)
  t.match(JSON.parse(stdout), { hosts: 3, unread: { count: 1 } })
  t.equal(stderr, `ptrace-probe: ${directory}/b.json:2: expected an envelope as one line of JSON\n`)
})

t.test('merge reads standard input without a path, unless it would have to be typed', async (t) => {
  t.match(await runCommand(['merge']), { code: 0, stdout: 'There is no envelope to sum up.\n' })
  const typed = await runCommand(['merge'], { isTyped: () => true })
  t.match(typed, { code: 2, stderr: /merge needs a directory, a file, or envelopes on standard/ })
})

t.test('merge tells how far it is only where somebody watches', async (t) => {
  const directory = files(t)
  const world: Partial<Outside> = { isWatched: () => true }
  const { stderr } = await runCommand(['merge', directory], world)
  t.ok(stderr.startsWith('\r1 envelopes read\r\u001b[Kptrace-probe: '))
})

t.test('diff exits with 0 where nothing changed, else with 1', async (t) => {
  const directory = files(t)
  const [a, b] = [join(directory, 'a.json'), join(directory, 'c.json')]
  t.match(await runCommand(['diff', a, a]), { code: 0, stdout: /^Nothing changed\./ })
  const { code, stdout } = await runCommand(['diff', a, b, '--json'])
  t.equal(code, 1)
  t.match(JSON.parse(stdout), { before: { host: 'a' }, changes: [{ subject: 'host' }] })
})

t.test('diff takes two files that it can read', async (t) => {
  t.match(await runCommand(['diff', 'a']), { code: 2, stderr: /diff needs two files/ })
  t.match(await runCommand(['diff', 'a', 'b', 'c']), { code: 2, stderr: /diff takes two/ })
  t.match(await runCommand(['diff', '/no/a', '/no/b']), {
    code: 2,
    stderr: /file '\/no\/a': no such file or directory/,
  })
})
