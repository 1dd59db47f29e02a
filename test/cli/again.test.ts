import t from 'tap'
import { again, asRoot } from '../../lib/cli/again.js'
import { commandForRoot } from '../../lib/engine/index.js'
import { remedy } from '../../lib/model/index.js'
import { explain } from '../../lib/probe/findings.js'
import { report as modelled } from '../helpers/report.js'
import { runCommand } from '../helpers/verdicts.js'

const longer = (...argv: readonly string[]): string | undefined =>
  again([remedy('run-longer')], argv)[0]?.command

t.test('a measurement with more time keeps every other option', async (t) => {
  t.equal(longer(), 'ptrace-probe --timeout 60000')
  t.equal(
    longer('assert', '--timeout', '5', '--policy', 'stig'),
    'ptrace-probe assert --policy stig --timeout 60000',
  )
  t.equal(longer('--timeout=20000', '--json'), 'ptrace-probe --json --timeout 200000')
  t.equal(longer('--timeout', '600000'), 'ptrace-probe --timeout 600000', 'there is no more')
})

t.test('a word is quoted as a shell needs it, and no terminal obeys it', async (t) => {
  t.equal(asRoot(['check', '1'], 'ptrace-probe'), 'sudo ptrace-probe check 1')
  t.equal(asRoot(['--as-user', "a b'c"], 'ptrace-probe'), "sudo ptrace-probe --as-user 'a b'\\''c'")
  t.equal(asRoot(['--output', '\u001b[31m'], 'ptrace-probe'), "sudo ptrace-probe --output '?[31m'")
})

t.test('root is told the name by which it finds the command', async (t) => {
  t.equal(asRoot(['check', '1'], '/opt/node /opt/bin.cjs'), 'sudo /opt/node /opt/bin.cjs check 1')
})

t.test('other remedies stay as they are', async (t) => {
  t.strictSame(again([remedy('run-untraced')], ['--json']), [remedy('run-untraced')])
})

t.test('report and assert offer their own command line as root', async (t) => {
  const measured = modelled({ yama: 2, userNamespaces: false })
  const probe = async () => ({ ...measured, findings: explain(measured) })
  const report = await runCommand(['--timeout', '9000'], { probe })
  t.match(report.stdout, `sudo ${commandForRoot()} --timeout 9000\n`)
  const assert = await runCommand(['assert', '--policy', 'kspp', '--json'], { probe })
  t.match(JSON.parse(assert.stdout).remedies, [
    { command: `sudo ${commandForRoot()} assert --policy kspp --json` },
  ])
})
