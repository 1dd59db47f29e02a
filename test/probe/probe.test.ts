import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import {
  isSupported,
  type Observation,
  PtraceProbeError,
  probe,
  probeSync,
} from '../../lib/index.js'
import { scenariosFor } from '../../lib/probe/scenarios.js'
import { needs } from '../helpers/needs.js'
import { built, root, run } from '../helpers/node.js'
import { childrenOf } from '../helpers/processes.js'

/** What the kernel answered, without the cells in which we failed to ask. */
const answers = (observations: readonly Observation[]) =>
  Object.fromEntries(
    observations
      .filter(({ status }) => status === 'allowed' || status === 'denied')
      .map(({ id, status }) => [id, status]),
  )

t.test('every cell of the table is observed once, under its own id', async (t) => {
  const { observations } = probeSync()
  const ids = observations.map(({ id }) => id)
  t.equal(new Set(ids).size, ids.length)
  const cells = scenariosFor(['caller', 'unprivileged', 'owner'])
    .flatMap(({ attempts }) => attempts)
    .filter((attempt) => !attempt.startsWith('read') && !attempt.startsWith('control-'))
  t.equal(ids.length, cells.length)
})

t.test('an undisturbed measurement has no inconclusive cell', async (t) => {
  const { observations, findings } = await probe()
  t.strictSame(
    observations.filter(({ status }) => status === 'inconclusive'),
    [],
  )
  t.notOk(findings.some(({ id }) => id === 'measurement-incomplete'))
})

t.test('an ancestor may attach to its descendants unless the scope is 2 or 3', async (t) => {
  const { scope, observations } = probeSync({ identities: ['unprivileged', 'owner'] })
  const expected = scope.enforced.candidates.some((value) => value >= 2) ? 'denied' : 'allowed'
  for (const relation of ['child', 'grandchild', 'adopted'] as const) {
    const cells = observations.filter(
      (cell) =>
        cell.identity === 'unprivileged' && cell.relation === relation && cell.consent === 'none',
    )
    t.ok(cells.length > 0)
    for (const cell of cells) t.equal(cell.status, expected, cell.id)
  }
})

t.test('the synchronous and the asynchronous form agree', async (t) => {
  t.strictSame(answers((await probe()).observations), answers(probeSync().observations))
})

t.test('the event loop keeps running while a measurement is under way', async (t) => {
  let turns = 0
  const turn = () => {
    turns++
    pending = setImmediate(turn)
  }
  let pending = setImmediate(turn)
  await probe()
  clearImmediate(pending)
  t.ok(turns > 1, `${turns} turns`)
})

t.test('measurements may overlap', async (t) => {
  const reports = await Promise.all([probe(), probe(), probe()])
  const [first] = reports
  for (const report of reports) {
    t.strictSame(answers(report.observations), answers(first?.observations ?? []))
  }
})

t.test('a measurement that runs out of time says so and refuses nothing', async (t) => {
  const hurried = probeSync({ timeoutMs: 1 }).observations
  const unhurried = answers(probeSync().observations)
  const late = hurried.filter(({ step }) => step === 'deadline')
  t.ok(late.length > 0)
  for (const cell of late) t.equal(cell.status, 'inconclusive')
  for (const [id, status] of Object.entries(answers(hurried))) t.equal(status, unhurried[id], id)
})

t.test('no process is left when a measurement has ended', async (t) => {
  const before = childrenOf(process.pid).map(({ pid }) => pid)
  probeSync()
  await probe()
  t.strictSame(
    childrenOf(process.pid).filter(({ pid }) => !before.includes(pid)),
    [],
  )
})

// proc_pid_task(5): to be had where the kernel was built with CONFIG_PROC_CHILDREN.
const childrenFile = `/proc/self/task/${process.pid}/children`
const quickly = { skip: existsSync(childrenFile) ? false : `needs ${childrenFile}, found none` }

t.test('the death of the supervisor is an error, not a report', quickly, async (t) => {
  const children = () => readFileSync(childrenFile, 'utf8').trim().split(' ')
  const before = children()
  const outcome = probe().catch((error: unknown) => error)
  const supervisor = children().find((pid) => !before.includes(pid))
  process.kill(Number(supervisor), 'SIGKILL')
  const error = await outcome
  t.match(error, { code: 'ERR_PTRACE_PROBE_ENGINE', message: /SIGKILL/ })
  t.ok(error instanceof PtraceProbeError)
  t.strictSame(children(), before)
})

t.test('children of this process keep their exit codes beside a measurement', async (t) => {
  const results = await Promise.all([run('process.exit(3)'), probe(), run('process.exit(4)')])
  t.match(results, [{ code: 3 }, { scope: {} }, { code: 4 }])
})

t.test('a Worker measures as the main thread does', async (t) => {
  const worker = new Worker(
    `import { parentPort } from 'node:worker_threads'
     import { probe } from ${JSON.stringify(built)}
     probe().then(({ observations }) => parentPort.postMessage(observations))`,
    { eval: true, execArgv: [], env: {} },
  )
  // A Worker that ends at once tells of both in one turn.
  const exit = once(worker, 'exit')
  const [observations] = (await once(worker, 'message')) as [Observation[]]
  await exit
  t.strictSame(answers(observations), answers(probeSync().observations))
})

t.test('the package is loaded by require() as by import', async (t) => {
  const require = createRequire(join(root, 'test/'))
  t.equal(typeof (require('../dist/index.js') as { probe: unknown }).probe, 'function')
})

t.test('Linux is supported, and only Linux', async (t) => {
  t.equal(isSupported(), true)
  const platform = Object.getOwnPropertyDescriptor(process, 'platform')
  t.teardown(() => Object.defineProperty(process, 'platform', platform ?? {}))
  Object.defineProperty(process, 'platform', { ...platform, value: 'darwin' })
  t.equal(isSupported(), false)
  t.throws(() => probeSync(), { code: 'ERR_PTRACE_PROBE_PLATFORM', message: /Linux only/ })
})

t.test('a user that does not exist is an argument mistake', async (t) => {
  await t.rejects(probe({ identities: ['user:no-such-user'] }), {
    code: 'ERR_INVALID_ARG_VALUE',
    message: /no-such-user/,
  })
})

t.test('root tries as another user with the whole table', needs.root(), async (t) => {
  const { observations } = probeSync({ identities: ['unprivileged', 'user:nobody'] })
  const cells = observations.filter(({ identity }) => identity === 'user:nobody')
  for (const cell of cells) {
    const twin = observations.find(
      ({ id }) => id === cell.id.replace('user:nobody', 'unprivileged'),
    )
    t.equal(cell.status, twin?.status, cell.id)
  }
  t.ok(cells.length > 0)
})

t.test(
  'an ordinary user may not measure as another, and every function says so with one code',
  needs.root(),
  async (t) => {
    const { stdout } = await run(
      `import { canAttach, probe, probeSync, survey, tools } from ${JSON.stringify(built)}
       const identities = ['caller', 'user:nobody']
       const tracer = 'user:nobody'
       const errors = await Promise.allSettled([
         probe({ identities }),
         Promise.resolve().then(() => probeSync({ identities })),
         tools({ identities }),
         canAttach(1, { tracer }),
         Promise.resolve(survey({ tracer })),
       ])
       console.log(JSON.stringify(errors.map(({ reason }) => [reason.code, reason.message])))`,
      { uid: 1000, gid: 1000 },
    )
    const error = [
      'ERR_PTRACE_PROBE_IDENTITY',
      'This process may not become nobody, which takes root (EPERM)',
    ]
    t.strictSame(JSON.parse(stdout), [error, error, error, error, error])
  },
)

t.test(
  'a process that is not dumpable still measures its own processes',
  needs.root(),
  async (t) => {
    const { stdout } = await run(
      `import { probeSync } from ${JSON.stringify(built)}
     process.setgid(65534)
     process.setuid(65534)
     const { caller, observations, findings } = probeSync()
     const child = observations.find(({ id }) => id === 'unprivileged/child/seize')
     console.log(JSON.stringify([caller.dumpable, child.status, findings.map(({ id }) => id)]))`,
    )
    const [dumpable, child, findings] = JSON.parse(stdout) as [boolean, string, string[]]
    const { observations } = probeSync()
    t.equal(dumpable, false)
    t.equal(child, observations.find(({ id }) => id === 'unprivileged/child/seize')?.status)
    t.ok(findings.includes('caller-not-dumpable'))
  },
)

t.test(
  'below strace -f ptrace says nothing, and the verdict stands',
  needs.program('strace'),
  async (t) => {
    const { stdout, code } = await run(
      `import { probeSync } from ${JSON.stringify(built)}
     console.log(JSON.stringify(probeSync()))`,
      {},
      ['strace', '-f', '-qq', '-o', '/dev/null'],
    )
    t.equal(code, 0)
    const traced = JSON.parse(stdout) as ReturnType<typeof probeSync>
    const { scope } = probeSync()
    t.strictSame(traced.scope.enforced.candidates, scope.enforced.candidates)
    t.equal(traced.scope.enforced.name, scope.enforced.name)
    const attached = traced.observations.filter(({ method }) => method === 'attach')
    t.notOk(attached.some(({ status }) => status === 'denied' || status === 'allowed'))
    t.ok(traced.findings.some(({ id }) => id === 'caller-traced'))
    t.not(traced.caller.tracerPid, 0)
  },
)
