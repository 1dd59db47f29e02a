import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readOwnFile, writeOwnFile } from '../../../lib/cli/cache-file.js'
import { cli } from '../../helpers/cli.js'
import { report } from '../../helpers/report.js'
import { runCommand } from '../../helpers/verdicts.js'

/** A world with one file, in which measurements are counted. */
function world(yama: 0 | 1 = 1) {
  const seen = { measured: 0, file: null as string | null, warned: '' }
  const outside = {
    probe: async () => {
      seen.measured += 1
      return report({ yama })
    },
    readCache: async () => seen.file,
    writeCache: async (_: string, text: string) => {
      seen.file = text
    },
  }
  return { seen, outside }
}
const ask = ['require', 'sibling', '--cache', 'FILE']

t.test('a suite pays once', async (t) => {
  const { seen, outside } = world()
  const first = await runCommand(ask, outside)
  const second = await runCommand(ask, outside)
  t.equal(first.code, 77)
  t.strictSame([second.code, second.stdout], [first.code, first.stdout])
  t.equal((await runCommand(['require', 'child', '--cache', 'FILE'], outside)).code, 0)
  t.equal(seen.measured, 1)
})

t.test('PTRACE_PROBE_REQUIRE counts for a remembered answer, too', async (t) => {
  const { outside } = world()
  await runCommand(ask, outside)
  const { code, stderr } = await runCommand(ask, { ...outside, env: { PTRACE_PROBE_REQUIRE: '1' } })
  t.equal(code, 1)
  t.match(stderr, 'needs ptrace of a sibling')
})

t.test('under other circumstances it is measured again', async (t) => {
  const { seen, outside } = world()
  await runCommand(ask, outside)
  await runCommand(ask, { ...outside, fingerprint: async () => 'there' })
  t.equal(seen.measured, 2)
})

t.test('where the circumstances cannot be told, nothing is kept or looked up', async (t) => {
  const { seen, outside } = world()
  await runCommand(ask, outside)
  const before = seen.file
  for (let i = 0; i < 2; i++) await runCommand(ask, { ...outside, fingerprint: async () => null })
  t.equal(seen.measured, 3)
  t.equal(seen.file, before)
})

t.test('what changed while it was measured is not kept', async (t) => {
  const { seen, outside } = world()
  let asked = 0
  await runCommand(ask, { ...outside, fingerprint: async () => String(asked++) })
  t.equal(seen.file, null)
})

t.test('a cache that cannot be written changes no answer', async (t) => {
  const { outside } = world()
  const { code, stderr } = await runCommand(ask, {
    ...outside,
    writeCache: async () => {
      throw new Error('no space')
    },
  })
  t.equal(code, 77)
  t.match(stderr, "cannot write 'FILE': no space")
})

t.test('only what this user alone can have written is read', async (t) => {
  const directory = t.testdir({ file: 'said', other: 'said' })
  const [file, other] = ['file', 'other'].map((name) => join(directory, name))
  if (file === undefined || other === undefined) throw new Error('two files are made')
  const uid = process.geteuid?.() ?? -1
  chmodSync(file, 0o600)
  t.equal(readOwnFile(file, uid), 'said')
  t.equal(readOwnFile(file, uid + 1), null, 'of another user')
  chmodSync(other, 0o620)
  t.equal(readOwnFile(other, uid), null, 'its group may write')
  chmodSync(other, 0o602)
  t.equal(readOwnFile(other, uid), null, 'all may write')
  symlinkSync('file', join(directory, 'link'))
  t.equal(readOwnFile(join(directory, 'link'), uid), null, 'a link')
  t.equal(readOwnFile(directory, uid), null, 'a directory')
  t.equal(readOwnFile('/dev/null', uid), null, 'a device')
  t.equal(readOwnFile(join(directory, 'absent'), uid), null)
})

t.test('a file is replaced at once, and is its writer’s alone', async (t) => {
  const directory = t.testdir({ file: 'old' })
  const file = join(directory, 'file')
  chmodSync(file, 0o666)
  writeOwnFile(file, 'new', 7)
  t.equal(readOwnFile(file, process.geteuid?.() ?? -1), 'new')
  mkdirSync(join(directory, 'taken'))
  t.throws(() => writeOwnFile(join(directory, 'taken'), 'new', 7))
  writeFileSync(`${file}.8.tmp`, 'foreign')
  t.throws(() => writeOwnFile(file, 'newer', 8), { code: 'EEXIST' })
  t.strictSame(readdirSync(directory).sort(), ['file', 'taken'])
  t.equal(readFileSync(file, 'utf8'), 'new')
})

t.test('the built command keeps what it measured', async (t) => {
  const file = join(t.testdir(), 'cache')
  const first = cli(['require', 'child', '--cache', file])
  const kept = readOwnFile(file, process.geteuid?.() ?? -1)
  const second = cli(['require', 'child', '--cache', file])
  t.strictSame([second.code, second.stdout], [first.code, first.stdout])
  if (kept !== null) t.match(JSON.parse(kept), { schemaVersion: 1, fingerprint: String })
})
