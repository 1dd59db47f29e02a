import { chmodSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { sourcesOf } from '../../lib/fleet/sources.js'
import { bytes } from '../helpers/envelopes.js'

const standardInput = () => bytes('from standard input')

async function textOf(chunks: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = []
  for await (const chunk of chunks) pieces.push(chunk)
  return Buffer.concat(pieces).toString()
}

t.test('a directory stands for the files of envelopes below it, in order', async (t) => {
  const directory = t.testdir({
    'b.json': 'b',
    'a.ndjson': 'a',
    'c.jsonl': 'c',
    'README.md': '',
    '.d.json': 'not finished',
    '.git': { 'e.json': '' },
    web: { 'f.json': 'f' },
  })
  symlinkSync(directory, join(directory, 'round'))
  const names = [...sourcesOf([directory], standardInput)].map(({ name }) => name)
  t.strictSame(
    names,
    ['a.ndjson', 'b.json', 'c.jsonl', 'web/f.json'].map((name) => join(directory, name)),
  )
})

t.test('a file is read whatever its name is, and - is standard input', async (t) => {
  const path = join(t.testdir({ hosts: 'one\n' }), 'hosts')
  const texts = await Promise.all(
    [...sourcesOf([path, '-'], standardInput)].map(async (source) => {
      return 'open' in source ? textOf(source.open()) : source.wrong
    }),
  )
  t.strictSame(texts, ['one\n', 'from standard input'])
})

t.test('what cannot be read is named with the reason', async (t) => {
  const path = join(t.testdir({ locked: {} }), 'locked')
  t.strictSame(
    [...sourcesOf(['/no/such/file'], standardInput)],
    [{ name: '/no/such/file', wrong: 'no such file or directory' }],
  )
  if (process.getuid?.() === 0) return
  chmodSync(path, 0)
  t.strictSame([...sourcesOf([path], standardInput)], [{ name: path, wrong: 'permission denied' }])
})
