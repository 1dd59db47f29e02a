import { spawn } from 'node:child_process'
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
