import { constants } from 'node:os'
import t from 'tap'
import { trustedFor } from '../../lib/attach/controls.js'
import { deadlineIn } from '../../lib/attach/deadline.js'
import { run, runSync } from '../../lib/attach/steps.js'
import type { EngineResult, Plan } from '../../lib/engine/index.js'
import { PtraceProbeError } from '../../lib/model/index.js'

const killed = new PtraceProbeError('killed by SIGKILL', 'ERR_PTRACE_PROBE_ENGINE')

/** An engine whose supervisor does not end: it takes the time that it is given, and is killed. */
function stuck(plans: Plan[]) {
  const measure = (plan: Plan): EngineResult => {
    plans.push(plan)
    const end = performance.now() + plan.deadlineMs
    while (performance.now() < end);
    throw killed
  }
  return { measure, measureAsync: async (plan: Plan) => measure(plan) }
}

t.test('a measurement of controls has no more time than the question has left', async (t) => {
  const plans: Plan[] = []
  for (const ask of [runSync, run]) {
    const steps = trustedFor(stuck(plans), deadlineIn(20))
    await t.rejects(async () => ask(steps), {
      code: 'ERR_PTRACE_PROBE_TIMEOUT',
      cause: killed,
    })
  }
  t.equal(plans.length, 2)
  for (const { deadlineMs, attemptMs } of plans) {
    t.ok(deadlineMs > 0 && deadlineMs <= 20, `${deadlineMs} of 20 ms`)
    t.ok(attemptMs <= deadlineMs)
  }
})

t.test('a question whose time is over starts no measurement', async (t) => {
  const plans: Plan[] = []
  const over = deadlineIn(0)
  t.throws(() => runSync(trustedFor(stuck(plans), over)), {
    code: 'ERR_PTRACE_PROBE_TIMEOUT',
  })
  t.strictSame(plans, [])
})

t.test('an engine that fails in time is no time-out', async (t) => {
  const failing = {
    measure: (): EngineResult => {
      throw killed
    },
    measureAsync: async (): Promise<EngineResult> => {
      throw killed
    },
  }
  t.throws(() => runSync(trustedFor(failing, deadlineIn(60_000))), killed)
})

t.test(
  'controls that were cut short by the deadline are a time-out, and are not kept',
  async (t) => {
    const cut = (plan: Plan): EngineResult => {
      const end = performance.now() + plan.deadlineMs
      while (performance.now() < end);
      return {
        finished: true,
        families: plan.families.map(({ methods }) =>
          methods.map(() => ({ step: 'deadline', errno: 0, signal: 0 })),
        ),
      } as unknown as EngineResult
    }
    const engine = { measure: cut, measureAsync: async (plan: Plan) => cut(plan) }
    for (let i = 0; i < 2; i++) {
      t.throws(() => runSync(trustedFor(engine, deadlineIn(5))), {
        code: 'ERR_PTRACE_PROBE_TIMEOUT',
      })
    }
  },
)

t.test(
  'what a shortage kept from being measured is measured again, what was measured is not',
  async (t) => {
    // ESRCH: no filter answers. EAGAIN: the machine is short of something.
    let errno: number = constants.errno.EAGAIN
    let measurements = 0
    const answer = (plan: Plan): EngineResult => {
      measurements++
      return {
        families: plan.families.map(({ methods }) =>
          methods.map((method) => ({
            step: 'try',
            errno: method === 'control-seize' ? errno : constants.errno.ESRCH,
            signal: 0,
          })),
        ),
      } as unknown as EngineResult
    }
    const engine = { measure: answer, measureAsync: async (plan: Plan) => answer(plan) }
    const ask = () => runSync(trustedFor(engine, deadlineIn(60_000))).calls
    t.match(ask(), { attach: { works: true }, seize: { works: null } })
    errno = constants.errno.ESRCH
    t.match(ask(), { attach: { works: true }, seize: { works: true } })
    t.match(ask(), { seize: { works: true } })
    t.equal(measurements, 2)
  },
)
