import { writeFileSync } from 'node:fs'
import t from 'tap'
import { errnoWords, openRoot, PathError, piecesIn } from '../../lib/machine/rootfs.js'

t.test('a root has no link on its path', async (t) => {
  t.equal(openRoot('/proc/self/root'), '/')
})

t.test('what is no directory is no root, and the error says why', async (t) => {
  const below = t.testdir({ file: '' })
  for (const [path, why] of [
    [`${below}/none`, 'no such file or directory'],
    [`${below}/file`, 'not a directory'],
  ] as const) {
    t.throws(() => openRoot(path), { code: 'ERR_INVALID_ARG_VALUE', message: `: ${why}` })
  }
})

t.test('an errno value without words of its own keeps its name', async (t) => {
  t.equal(errnoWords('EACCES'), 'permission denied')
  t.equal(errnoWords('ESTALE'), 'ESTALE')
})

t.test('a file of any size is read in pieces', async (t) => {
  const root = t.testdir({})
  const content = Buffer.alloc(200_000, 'abc')
  writeFileSync(`${root}/large`, content)
  const pieces = [...piecesIn(root, '/large')].map((piece) => piece.length)
  t.ok(pieces.length > 1)
  t.equal(
    pieces.reduce((sum, length) => sum + length, 0),
    content.length,
  )
})

t.test('only a regular file is read in pieces', async (t) => {
  const root = t.testdir({ directory: {} })
  t.throws(() => [...piecesIn(root, '/directory')], PathError)
  t.throws(() => [...piecesIn(root, '/none')], { code: 'ENOENT' })
})
