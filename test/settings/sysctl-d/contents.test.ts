import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { contents } from '../../../lib/settings/sysctl-d/contents.js'
import { systemdGrammar } from '../../../lib/settings/sysctl-d/grammars.js'

const line = 'kernel.yama.ptrace_scope = 1\n'

/** What is read of a file that `make` puts there. */
function readOf(make: (path: string) => void) {
  const root = t.testdir()
  make(join(root, 'x.conf'))
  const { entries, problems, unknown } = contents(root, '/x.conf', systemdGrammar)
  return { values: entries.map(({ value }) => value), problems, unknown }
}

t.test('a file says what its lines say', async (t) => {
  t.strictSame(
    readOf((path) => writeFileSync(path, `# why\n${line}`)),
    { values: ['1'], problems: [], unknown: null },
  )
})

t.test('a file that is absent says nothing', async (t) => {
  t.strictSame(
    readOf(() => {}),
    { values: [], problems: [], unknown: null },
  )
})

t.test('a directory and a socket are told, and nothing of them can be read', async (t) => {
  const directory = readOf((path) => mkdirSync(path))
  t.strictSame(directory.problems, ['/x.conf is a directory, so nothing is read from it.'])
  t.equal(directory.unknown, null)
})

t.test('a reader that opens a FIFO may never come to its end', async (t) => {
  const fifo = readOf((path) => execFileSync('mkfifo', [path]))
  t.match(fifo, { values: [], problems: [/^\/x\.conf is a FIFO/], unknown: 'all' })
})

t.test('/dev/null says nothing, and another device is not read', async (t) => {
  t.strictSame(contents('/', '/dev/null', systemdGrammar), {
    entries: [],
    problems: [],
    unknown: null,
  })
  const zero = contents('/', '/dev/zero', systemdGrammar)
  t.match(zero, { problems: [/^\/dev\/zero is a device/], unknown: 'all' })
})

t.test('a file whose reading fails is told', async (t) => {
  const { problems } = contents('/', '/proc/self/mem', systemdGrammar)
  t.match(problems, [/^\/proc\/self\/mem cannot be read: /])
})

t.test('a link that leads to itself cannot be read', async (t) => {
  const loop = readOf((path) => symlinkSync('x.conf', path))
  t.match(loop.problems, [/^\/x\.conf cannot be read: /])
})

t.test('a line that is longer than the reader takes ends what is read', async (t) => {
  const long = readOf((path) => writeFileSync(path, `${'a'.repeat(1 << 20)}\n${line}`))
  t.match(long, { values: [], problems: [/^\/x\.conf:1 is longer than \d+ bytes/] })
})

t.test('of a file that names the key on more than 10,000 lines only those are told', async (t) => {
  const many = readOf((path) => writeFileSync(path, line.repeat(10_001)))
  t.equal(many.values.length, 10_000)
  t.match(many, { problems: [/more than 10000 lines; only these were read/], unknown: 'file' })
})
