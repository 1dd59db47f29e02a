import t from 'tap'
import { formatsOf } from '../../../lib/format/formats.js'
import { runCommand } from '../../helpers/verdicts.js'

t.test('the command measures as it is told to, and prints every format', async (t) => {
  const argv = ['tools', '--as-user', 'alice', '--timeout', '5']
  const identities = ['caller', 'unprivileged', 'owner', 'user:alice']
  t.strictSame((await runCommand(argv)).asked, [['tools', { timeoutMs: 5, identities }]])
  for (const format of formatsOf('tools')) {
    const { code, stdout } = await runCommand(['tools', '--format', format])
    t.equal(code, 0)
    t.match(stdout, /\n$/)
  }
  t.match(await runCommand(['tools', 'gdb']), { code: 2, stderr: /gdb/ })
})
