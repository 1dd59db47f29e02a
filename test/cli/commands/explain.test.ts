import t from 'tap'
import { formatsOf } from '../../../lib/format/formats.js'
import { runCommand } from '../../helpers/verdicts.js'

t.test('a known text is explained, in every format, and exits with 0', async (t) => {
  for (const format of formatsOf('explain')) {
    const argv = ['explain', '--format', format, 'ptrace: Operation not permitted']
    const { code, stdout } = await runCommand(argv)
    t.equal(code, 0, format)
    t.match(stdout, /gdb/)
    t.match(stdout, /\n$/)
  }
})

t.test('a text without quotes is put together again', async (t) => {
  const quoted = await runCommand(['explain', 'ptrace: Operation not permitted'])
  const unquoted = await runCommand(['explain', 'ptrace:', 'Operation', 'not', 'permitted'])
  t.strictSame(unquoted, quoted)
})

t.test('a text that is not known exits with 1 and lists those that are', async (t) => {
  const { code, stdout } = await runCommand(['explain', 'no such thing'])
  t.equal(code, 1)
  t.match(stdout, /^No such text is known here\.\nThese are known/)
})

t.test('without a text the known ones are listed, and that exits with 0', async (t) => {
  const { code, stdout } = await runCommand(['explain'])
  t.equal(code, 0)
  t.match(stdout, /^These are known/)
})
