import { execFileSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import t from 'tap'
import { isDirectory, isFile, linkAt, look, textAt } from '../../lib/machine/look.js'

t.test('a path below a root leads to a file, a directory, a FIFO or an error', async (t) => {
  const root = t.testdir({ etc: { file: 'text\n' } })
  symlinkSync('/etc/file', `${root}/link`)
  execFileSync('mkfifo', [`${root}/fifo`])
  t.strictSame(look(root, '/link'), { kind: 'file', path: '/etc/file' })
  t.strictSame(look(root, '/etc'), { kind: 'directory', path: '/etc' })
  t.strictSame(look(root, '/fifo'), { kind: 'fifo', path: '/fifo' })
  t.strictSame(look(root, '/none'), { kind: 'error', code: 'ENOENT' })
  t.strictSame(look(root, '/etc/file/below'), { kind: 'error', code: 'ENOTDIR' })
})

t.test('/dev/null is told from other devices', async (t) => {
  t.strictSame(look('/', '/dev/null'), { kind: 'null', path: '/dev/null' })
  t.strictSame(look('/', '/dev/zero'), { kind: 'device', path: '/dev/zero' })
})

t.test('what is not there is neither a file nor a directory and has no text', async (t) => {
  const root = t.testdir({ file: 'text\n' })
  symlinkSync('file', `${root}/link`)
  t.ok(isFile(root, '/link'))
  t.notOk(isFile(root, '/none'))
  t.ok(isDirectory(root, '/'))
  t.notOk(isDirectory(root, '/file'))
  t.equal(linkAt(root, '/link'), 'file')
  t.equal(linkAt(root, '/file'), null)
  t.equal(textAt(root, '/link'), 'text\n')
  t.equal(textAt(root, '/none'), null)
})
