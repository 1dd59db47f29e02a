import { constants } from 'node:os'
import t from 'tap'
import type { Outcome } from '../../lib/engine/measurement.js'
import { observe, resultOf } from '../../lib/probe/observations.js'
import type { Scenario } from '../../lib/probe/scenarios.js'

const { errno, signals } = constants
const at = (step: Outcome['step'], error = 0, signal = 0): Outcome => ({
  step,
  errno: error,
  signal,
})

t.test('EPERM and EACCES from the attempt itself are refusals', async (t) => {
  for (const method of ['attach', 'traceme', 'vm-read', 'proc-mem', 'pidfd-getfd'] as const) {
    t.equal(resultOf(method, at('try', errno.EPERM)).status, 'denied')
    t.equal(resultOf(method, at('try', errno.EACCES)).status, 'denied')
  }
})

t.test('a shortage is never a refusal, at whatever step it shows', async (t) => {
  for (const error of [errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.EINTR]) {
    for (const step of ['fork', 'identity', 'unshare', 'consent', 'open', 'try', 'wait'] as const) {
      t.equal(resultOf('attach', at(step, error)).status, 'inconclusive', `${step} ${error}`)
    }
  }
})

t.test('running out of time, or a tracer that was there before, is never a refusal', async (t) => {
  t.equal(resultOf('attach', at('deadline')).status, 'inconclusive')
  t.equal(resultOf('attach', at('not-run')).status, 'inconclusive')
  t.equal(resultOf('attach', at('traced', errno.EPERM)).status, 'inconclusive')
})

t.test('a target that is gone is not one that is protected', async (t) => {
  t.equal(resultOf('attach', at('try', errno.ESRCH)).status, 'inconclusive')
})

t.test(
  'death by SIGSYS in the attempt is a refusal by a filter, other deaths say nothing',
  async (t) => {
    t.equal(resultOf('seize', at('try', 0, signals.SIGSYS)).status, 'denied')
    t.equal(resultOf('seize', at('try', 0, signals.SIGKILL)).status, 'inconclusive')
    t.equal(resultOf('seize', at('try', 0, signals.SIGSEGV)).status, 'inconclusive')
    t.equal(resultOf('seize', at('consent', 0, signals.SIGSYS)).status, 'unavailable')
  },
)

t.test('ENOSYS from ptrace is a refusal, from a younger system call an absence', async (t) => {
  t.equal(resultOf('attach', at('try', errno.ENOSYS)).status, 'denied')
  t.equal(resultOf('pidfd-getfd', at('try', errno.ENOSYS)).status, 'unavailable')
  t.equal(resultOf('vm-read', at('try', errno.ENOSYS)).status, 'unavailable')
})

t.test('an attempt whose precondition cannot be had is unavailable', async (t) => {
  t.equal(resultOf('attach', at('unshare', errno.EPERM)).status, 'unavailable')
  t.equal(resultOf('attach', at('unshare', errno.ENOSPC)).status, 'unavailable')
  t.equal(resultOf('attach', at('consent', errno.EINVAL)).status, 'unavailable')
  t.equal(resultOf('proc-mem', at('proc')).status, 'unavailable')
})

t.test('cells and controls get the ids that evidence refers to', async (t) => {
  const scenarios: Scenario[] = [
    {
      identity: 'caller',
      relation: null,
      consent: 'none',
      attempts: ['control-yama', 'control-attach'],
    },
    { identity: 'unprivileged', relation: 'child', consent: 'none', attempts: ['read', 'seize'] },
    { identity: 'user:alice', relation: 'sibling', consent: 'any', attempts: ['vm-read'] },
  ]
  const { observations, controls } = observe(scenarios, [
    [at('try', errno.EINVAL), at('try', errno.ESRCH)],
    [at('done'), at('try', errno.EPERM)],
    [at('done')],
  ])
  t.strictSame(observations, [
    {
      id: 'unprivileged/child/seize',
      identity: 'unprivileged',
      relation: 'child',
      consent: 'none',
      method: 'seize',
      status: 'denied',
      step: 'try',
      syscall: 'ptrace',
      errno: 'EPERM',
      signal: null,
    },
    {
      id: 'user:alice/sibling+any/vm-read',
      identity: 'user:alice',
      relation: 'sibling',
      consent: 'any',
      method: 'vm-read',
      status: 'allowed',
      step: null,
      syscall: null,
      errno: null,
      signal: null,
    },
  ])
  t.match(controls, [
    { id: 'control/yama', passes: false, errno: 'EINVAL', syscall: 'prctl' },
    { id: 'control/attach', passes: true, errno: 'ESRCH', syscall: 'ptrace' },
    { id: 'unprivileged/child/read', passes: true, errno: null, syscall: 'get_robust_list' },
  ])
})

t.test('a control that was not reached neither passes nor fails', async (t) => {
  const scenario: Scenario = {
    identity: 'caller',
    relation: null,
    consent: 'none',
    attempts: ['control-attach', 'control-proc-mem', 'control-seize'],
  }
  const { controls } = observe([scenario], [[at('deadline'), at('proc'), at('try', errno.ENOMEM)]])
  t.strictSame(
    controls.map(({ passes }) => passes),
    [null, null, null],
  )
})
