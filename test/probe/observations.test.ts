import { constants } from 'node:os'
import t from 'tap'
import type { Outcome } from '../../lib/engine/contract.js'
import { observe, statusOf } from '../../lib/probe/observations.js'
import type { Scenario } from '../../lib/probe/scenarios.js'

const { errno, signals } = constants
const at = (step: Outcome['step'], error = 0, signal = 0): Outcome => ({
  step,
  errno: error,
  signal,
})

t.test('EPERM and EACCES from the attempt itself are refusals', async (t) => {
  for (const method of ['attach', 'traceme', 'vm-read', 'proc-mem', 'pidfd-getfd'] as const) {
    t.equal(statusOf(method, at('try', errno.EPERM)), 'denied')
    t.equal(statusOf(method, at('try', errno.EACCES)), 'denied')
  }
})

t.test('a shortage is never a refusal, at whatever step it shows', async (t) => {
  for (const error of [errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.EINTR]) {
    for (const step of ['fork', 'identity', 'unshare', 'consent', 'open', 'try', 'wait'] as const) {
      t.equal(statusOf('attach', at(step, error)), 'inconclusive', `${step} ${error}`)
    }
  }
})

t.test('running out of time, or a tracer that was there before, is never a refusal', async (t) => {
  t.equal(statusOf('attach', at('deadline')), 'inconclusive')
  t.equal(statusOf('attach', at('not-run')), 'inconclusive')
  t.equal(statusOf('attach', at('traced', errno.EPERM)), 'inconclusive')
})

t.test('a target that is gone is not one that is protected', async (t) => {
  t.equal(statusOf('attach', at('try', errno.ESRCH)), 'inconclusive')
})

t.test(
  'death by SIGSYS in the attempt is a refusal by a filter, other deaths say nothing',
  async (t) => {
    t.equal(statusOf('seize', at('try', 0, signals.SIGSYS)), 'denied')
    t.equal(statusOf('seize', at('try', 0, signals.SIGKILL)), 'inconclusive')
    t.equal(statusOf('seize', at('try', 0, signals.SIGSEGV)), 'inconclusive')
    t.equal(statusOf('seize', at('consent', 0, signals.SIGSYS)), 'unavailable')
  },
)

t.test('ENOSYS from ptrace is a refusal, from a younger system call an absence', async (t) => {
  t.equal(statusOf('attach', at('try', errno.ENOSYS)), 'denied')
  t.equal(statusOf('pidfd-getfd', at('try', errno.ENOSYS)), 'unavailable')
  t.equal(statusOf('vm-read', at('try', errno.ENOSYS)), 'unavailable')
})

t.test('an attempt whose precondition cannot be had is unavailable', async (t) => {
  t.equal(statusOf('attach', at('unshare', errno.EPERM)), 'unavailable')
  t.equal(statusOf('attach', at('unshare', errno.ENOSPC)), 'unavailable')
  t.equal(statusOf('attach', at('consent', errno.EINVAL)), 'unavailable')
  t.equal(statusOf('proc-mem', at('proc')), 'unavailable')
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
