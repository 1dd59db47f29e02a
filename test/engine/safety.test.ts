import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { oracleBit } from '../../lib/engine/index.js'
import type { Observation, Report } from '../../lib/model/index.js'
import { needs } from '../helpers/needs.js'
import { built, root, run } from '../helpers/node.js'

const tools = needs.all(needs.root(), needs.program('cc'), needs.program('unshare'))
const confine = join(t.testdir(), 'confine')
if (tools.skip === false) {
  const source = fileURLToPath(new URL('../kernels/guest/confine.c', import.meta.url))
  execFileSync('cc', ['-o', confine, source])
}

/** A PID namespace of its own: a signal to every process reaches no process outside of it. */
const cage = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child', '--']

/** What is asked under the filter, with the bystander's number as its argument. */
const question = `
  const { canAttachSync, probeSync } = await import(${JSON.stringify(built)})
  const said = (ask) => { try { return ask() } catch (error) { return error.code } }
  const bystander = Number(process.argv.at(-1))
  console.log(JSON.stringify({
    scope: said(() => probeSync({ timeoutMs: 5000 }).scope.enforced.name),
    tracers: ['child', 'stranger'].map((tracer) =>
      said(() => canAttachSync(bystander, { tracer, timeoutMs: 5000 }).verdict)),
  }))`

/**
 * The first process of the namespace. It starts a bystander, has the question asked by another child,
 * and tells what the bystander does after that. What is stopped stays stopped, for nothing here sends
 * SIGCONT.
 */
const scene = (filters: readonly string[]) => `
  import { spawn, spawnSync } from 'node:child_process'
  import { readFileSync } from 'node:fs'
  const bystander = spawn('sleep', ['1000'], { stdio: 'ignore' })
  const asked = spawnSync(${JSON.stringify(confine)}, [...${JSON.stringify(filters)}, '--',
    process.execPath, '--input-type=module', '--eval', ${JSON.stringify(question)}, '--',
    String(bystander.pid)], { encoding: 'utf8' })
  const stat = readFileSync('/proc/' + bystander.pid + '/stat', 'utf8')
  const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3)
  console.log(JSON.stringify({ state, asked: { ...asked, output: undefined } }))
  bystander.kill('SIGKILL')`

interface Told {
  readonly state: string
  readonly asked: { readonly status: number | null; readonly stdout: string }
}

for (const [filters, why] of [
  [['waitid=eperm'], 'a filter refuses waitid(2)'],
  [['waitid=enosys'], 'a filter hides waitid(2)'],
  [['waitid=eagain'], 'waitid(2) fails for want of something'],
  [['clock_gettime=eperm'], 'a filter refuses clock_gettime(2)'],
  [['getpid=eperm', 'getppid=eperm'], 'a filter refuses getpid(2) and getppid(2)'],
  [['getpid=enosys', 'getppid=enosys'], 'a filter hides getpid(2) and getppid(2)'],
  [['getpid=success', 'getppid=success'], 'a filter answers getpid(2) and getppid(2) with 0'],
  [['getpid=eperm'], 'a filter refuses getpid(2)'],
  [['getppid=eperm'], 'a filter refuses getppid(2)'],
  [['clone=success'], 'a filter answers clone(2) with 0'],
  [['clone=eperm'], 'a filter refuses clone(2)'],
  [['pidfd_open=eperm'], 'a filter refuses pidfd_open(2)'],
  [['ppoll=eintr'], 'a filter interrupts ppoll(2) without end'],
  [['waitid=eintr'], 'a filter interrupts waitid(2) without end'],
  [['prctl:23:0=eperm'], 'a filter refuses to show the bounding set'],
  [['prctl:27:0=eperm'], 'a filter refuses to show the securebits'],
] as const) {
  t.test(`no foreign process is stopped or ended where ${why}`, tools, async (t) => {
    const { code, stdout, stderr } = await run(scene(filters), {}, cage)
    t.equal(code, 0, { stderr })
    const { state, asked } = JSON.parse(stdout) as Told
    t.equal(state, 'S', 'the bystander sleeps on')
    t.equal(asked.status, 0, asked)
    const { tracers } = JSON.parse(asked.stdout)
    t.notOk(tracers.includes('denied'), 'no rule refuses root')
  })
}

const corePattern = readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim()
const plainCores = /^[\w.%]+$/.test(corePattern)
  ? needs.all()
  : { skip: `needs cores in the current directory, found the pattern ${corePattern}` }

t.test(
  'a process of the engine that dies in its first steps writes no core',
  needs.all(tools, plainCores),
  async (t) => {
    const cwd = t.testdir()
    const { code, stderr } = await run(
      `const { canAttachSync, probeSync } = await import(${JSON.stringify(built)})
       for (const ask of [probeSync, () => canAttachSync(process.ppid, { tracer: 'stranger' })]) {
         try { ask() } catch {}
       }`,
      { cwd },
      ['prlimit', '--core=unlimited', '--', ...cage, confine, 'prctl=kill', '--'],
    )
    t.equal(code, 0, { stderr })
    t.strictSame(readdirSync(cwd), [])
  },
)

t.test('where Node adopts its orphans, a stranger leaves no zombie', tools, async (t) => {
  const program = `
    import { readdirSync } from 'node:fs'
    const { canAttach, canAttachSync, survey } = await import(${JSON.stringify(built)})
    const tracer = 'stranger'
    const codes = []
    for (const ask of [
      () => canAttachSync(1, { tracer }),
      () => canAttach(1, { tracer }),
      () => survey({ tracer }),
    ]) {
      try { await ask() } catch (error) { codes.push(error.code) }
    }
    const pids = readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name))
    console.log(JSON.stringify({ codes, pids }))`
  for (const filter of [[], ['pidfd_open=enosys'], ['setpgid=eperm'], ['waitid=eperm']]) {
    const wrapper = filter.length === 0 ? [] : [confine, ...filter, '--']
    const { stdout, stderr } = await run(program, {}, [...cage, ...wrapper])
    const code = 'ERR_PTRACE_PROBE_NO_STRANGER'
    t.strictSame(JSON.parse(stdout), { codes: [code, code, code], pids: ['1'] }, filter.join(), {
      stderr,
    })
  }
})

t.test('a descriptor that a filter invents is not closed', tools, async (t) => {
  const engine = join(root, 'dist/engine.cjs')
  const { code, stdout, stderr } = await run(
    `import { readlinkSync } from 'node:fs'
     import engine from ${JSON.stringify(engine)}
     const { pidfdGetfd } = engine.loadEngine().examine(process.ppid, ${oracleBit('pidfd-getfd')})
     console.log(JSON.stringify(pidfdGetfd), readlinkSync('/proc/self/fd/0'))`,
    {},
    [confine, 'pidfd_getfd=success', '--'],
  )
  t.equal(code, 0, { stderr })
  t.match(stdout, /^0 /, 'the filter has answered with 0')
})

t.test(
  'a pidfd that a filter invents is not closed, and no answer waits for it',
  tools,
  async (t) => {
    const program = `
    import { readlinkSync } from 'node:fs'
    const { canAttachSync } = await import(${JSON.stringify(built)})
    const input = () => readlinkSync('/proc/self/fd/0')
    const before = input()
    for (const tracer of ['child', 'stranger']) {
      const { verdict } = canAttachSync(process.ppid, { tracer })
      console.log(tracer, verdict, input() === before)
    }`
    const { stdout, stderr } = await run(program, {}, [confine, 'pidfd_open=success', '--'])
    t.match(stdout, /^child (?:allowed|denied) true\nstranger (?:allowed|denied) true\n$/, {
      stderr,
    })
  },
)

/** A target that is ready blocks: it reads one byte of the first descriptor that its family opened. */
const targetsEnd = 'read:2:1=kill'

t.test('a refusal of a target that has ended is none', tools, async (t) => {
  const program = `
    const { probeSync } = await import(${JSON.stringify(built)})
    const { scope, observations } = probeSync()
    console.log(JSON.stringify({ scope, observations }))`
  const answers = async (wrapper: string[]): Promise<Pick<Report, 'scope' | 'observations'>> => {
    const { code, stdout, stderr } = await run(program, {}, [...cage, ...wrapper])
    t.equal(code, 0, { stderr })
    return JSON.parse(stdout)
  }
  const plain = await answers([])
  const { scope, observations } = await answers([confine, targetsEnd, '--'])
  const isDenied = ({ status }: Observation) => status === 'denied'
  const reallyDenied = plain.observations.filter(isDenied).map(({ id }) => id)
  t.strictSame(
    observations.filter(isDenied).filter(({ id }) => !reallyDenied.includes(id)),
    [],
  )
  t.ok(observations.some(({ step }) => step === 'ended'))
  // What could be tried in time may prove it all the same, but then it is the truth.
  if (scope.enforced.certainty === 'proved') {
    t.equal(scope.enforced.name, plain.scope.enforced.name)
  }
})
