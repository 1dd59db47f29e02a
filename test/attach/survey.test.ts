import { execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { survey } from '../../lib/index.js'
import { needs } from '../helpers/needs.js'
import { built, ended, plainEnvironment, root, run } from '../helpers/node.js'
import { sleeper } from '../helpers/sleeper.js'

/** A PID namespace of its own, with the /proc of the one outside. */
const apart = ['unshare', '--pid', '--fork', '--kill-child', '--']

const listed = async (source: AsyncIterable<{ pid: number }>) => {
  const pids: number[] = []
  for await (const { pid } of source) pids.push(pid)
  return pids
}

t.test('a survey streams every process, and is an unrelated process’s', async (t) => {
  const pid = await sleeper(t)
  const found = survey()
  const pids = await listed(found)
  t.ok(pids.includes(pid))
  t.ok(pids.includes(process.pid))
  t.ok((await found).every(({ tracer }) => tracer === 'stranger'))
})

t.test('every way to read a survey gives the same verdicts', async (t) => {
  const found = survey({ tracer: 'self' })
  for await (const _ of found) break
  const [all, streamed, again] = await Promise.all([found, listed(found), listed(found)])
  const pids = all.map(({ pid }) => pid)
  t.same(streamed, pids)
  t.same(again, pids)
  t.same(await (async () => found)(), all)
  t.same(await found.finally(() => {}), all)
  // Each reader has a list of its own.
  all.length = 0
  t.same(
    (await found).map(({ pid }) => pid),
    pids,
  )
})

t.test('a survey that fails does so for every reader', needs.root(), async (t) => {
  const program = `
    import { survey } from ${JSON.stringify(built)}
    const found = survey()
    const code = await found.catch((error) => error.code)
    try { for await (const _ of found); } catch (error) { console.log(code, error.code) }`
  const { stdout, stderr } = await run(program, {}, apart)
  t.equal(stdout, 'ERR_PTRACE_PROBE_ENGINE ERR_PTRACE_PROBE_ENGINE\n', stderr)
})

const crowded = needs.all(needs.root(), needs.program('cc'), needs.program('unshare'))

t.test('a survey in several forks names every process once', crowded, async (t) => {
  const crowd = join(t.testdir(), 'crowd')
  execFileSync('cc', ['-o', crowd, join(root, 'bench/crowd.c')])
  // More than one fork of Node examines.
  const count = 2500
  const program = `
    import { execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
    import { once } from 'node:events'
    import { readdirSync } from 'node:fs'
    import { survey } from ${JSON.stringify(built)}
    const processes = () =>
      readdirSync('/proc').map(Number).filter(Number.isInteger).sort((a, b) => a - b)
    const crowd = spawn(${JSON.stringify(crowd)}, ['${count}'], { stdio: ['pipe', 'pipe', 'inherit'] })
    await once(crowd.stdout, 'data')
    const before = processes()
    const found = survey({ tracer: 'child' })
    for await (const _ of found) break
    const pids = (await found).map(({ pid }) => pid)
    console.log(JSON.stringify({ before, pids, after: processes() }))
    process.exit()`
  const cage = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child', '--']
  const { stdout, stderr } = await run(program, {}, cage)
  const { before, pids, after } = JSON.parse(stdout)
  t.equal(before.length, count + 2, { stderr })
  t.strictSame(pids, before)
  t.strictSame(after, before, 'and leaves none of its own')
})

t.test(
  'the command lists nothing where /proc shows another PID namespace',
  needs.root(),
  async (t) => {
    const [command = '', ...args] = [...apart, process.execPath, 'dist/bin.cjs', 'survey']
    const { code, stdout, stderr } = await ended(
      spawn(command, args, { cwd: root, env: plainEnvironment() }),
    )
    t.equal(code, 3)
    t.equal(stdout, '')
    t.match(stderr, /^ptrace-probe: The processes cannot be listed: .*PID namespace\n$/)
  },
)
