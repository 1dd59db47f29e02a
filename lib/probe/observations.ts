import type { Outcome } from '../engine/index.js'
import {
  type Attempt,
  type Control,
  type ControlAttempt,
  controlAttempts,
  errnoName,
  type Method,
  methods,
  type Observation,
  type Status,
  type Step,
  signalName,
} from '../model/index.js'
import { familyId, type Scenario } from './scenarios.js'

/** Cells and controls, translated from what the engine answered. */
export interface Observed {
  readonly observations: readonly Observation[]
  readonly controls: readonly Control[]
}

/** The system call in question of each attempt. */
const syscalls: Readonly<Record<Attempt, string>> = {
  attach: 'ptrace',
  seize: 'ptrace',
  traceme: 'ptrace',
  'vm-read': 'process_vm_readv',
  'proc-mem': 'openat',
  'pidfd-getfd': 'pidfd_getfd',
  read: 'get_robust_list',
  'control-yama': 'prctl',
  'control-attach': 'ptrace',
  'control-seize': 'ptrace',
  'control-vm-read': 'process_vm_readv',
  'control-proc-mem': 'openat',
  'control-pidfd-getfd': 'pidfd_getfd',
  'control-read': 'get_robust_list',
  'control-landlock': 'landlock_restrict_self',
}

/**
 * The steps before an attempt and after it. `precondition`: when it fails, the attempt was not
 * made for want of something. `ours`: when it fails, it is our measurement that failed.
 */
const stepRows: Readonly<
  Record<Exclude<Step, 'try'>, { kind: 'precondition' | 'ours'; syscall: string | null }>
> = {
  'not-run': { kind: 'ours', syscall: null },
  fork: { kind: 'ours', syscall: 'clone' },
  guard: { kind: 'ours', syscall: 'prctl' },
  identity: { kind: 'precondition', syscall: null },
  unshare: { kind: 'precondition', syscall: 'unshare' },
  dumpable: { kind: 'ours', syscall: 'prctl' },
  subreaper: { kind: 'ours', syscall: 'prctl' },
  adopted: { kind: 'ours', syscall: null },
  consent: { kind: 'precondition', syscall: 'prctl' },
  proc: { kind: 'precondition', syscall: 'readlinkat' },
  open: { kind: 'precondition', syscall: 'pidfd_open' },
  traced: { kind: 'ours', syscall: 'ptrace' },
  ended: { kind: 'ours', syscall: null },
  wait: { kind: 'ours', syscall: 'waitid' },
  read: { kind: 'ours', syscall: null },
  release: { kind: 'ours', syscall: 'ptrace' },
  deadline: { kind: 'ours', syscall: null },
}

/** Errors that say that the machine was short of something, whatever was asked of it. */
const shortages: ReadonlySet<string> = new Set([
  'EAGAIN',
  'EINTR',
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'ENOBUFS',
])

/** Errors with which a rule refuses access to a process (ptrace(2), "ERRORS"; LSMs add EACCES). */
const refusals: ReadonlySet<string> = new Set(['EPERM', 'EACCES'])

/** Errors by which a method other than ptrace says that it is not there. */
const absences: ReadonlySet<string> = new Set(['ENOSYS', 'ENOENT'])

/** How a control answers where nothing filters it: null for success. */
const unfiltered: Readonly<Record<ControlAttempt, string | null>> = {
  'control-yama': null,
  'control-attach': 'ESRCH',
  'control-seize': 'ESRCH',
  'control-vm-read': 'EFAULT',
  'control-proc-mem': null,
  'control-pidfd-getfd': 'EBADF',
  'control-read': null,
}

/** What one attempt's outcome means. */
export function statusOf(attempt: Attempt, outcome: Outcome): Status {
  if (outcome.step === 'done') return 'allowed'
  const error = outcome.errno === 0 ? null : errnoName(outcome.errno)
  if (error !== null && shortages.has(error)) return 'inconclusive'
  const killedByFilter = outcome.signal !== 0 && signalName(outcome.signal) === 'SIGSYS'
  if (outcome.signal !== 0 && !killedByFilter) return 'inconclusive'
  if (outcome.step !== 'try') {
    return stepRows[outcome.step].kind === 'precondition' ? 'unavailable' : 'inconclusive'
  }
  if (killedByFilter) return 'denied'
  if (error === null) return 'inconclusive'
  if (refusals.has(error)) return 'denied'
  // Every kernel has ptrace, so ENOSYS is a filter's refusal; other calls may really be missing.
  if (syscalls[attempt] === 'ptrace') return error === 'ENOSYS' ? 'denied' : 'inconclusive'
  return absences.has(error) ? 'unavailable' : 'inconclusive'
}

function syscallOf(attempt: Attempt, step: Outcome['step']): string | null {
  if (step === 'done') return null
  return step === 'try' ? syscalls[attempt] : stepRows[step].syscall
}

function answerOf({ errno, signal }: Outcome): { errno: string | null; signal: string | null } {
  return {
    errno: errno === 0 ? null : errnoName(errno),
    signal: signal === 0 ? null : signalName(signal),
  }
}

function observationOf(
  { identity, relation, consent }: Scenario & { relation: NonNullable<Scenario['relation']> },
  method: Method,
  outcome: Outcome,
): Observation {
  return {
    id: `${familyId(identity, relation, consent)}/${method}`,
    identity,
    relation,
    consent,
    method,
    status: statusOf(method, outcome),
    step: outcome.step === 'done' ? null : outcome.step,
    syscall: syscallOf(method, outcome.step),
    ...answerOf(outcome),
  }
}

function controlOf(id: string, attempt: ControlAttempt | 'read', outcome: Outcome): Control {
  const answer = answerOf(outcome)
  const expected = attempt === 'read' ? null : unfiltered[attempt]
  const measured =
    (outcome.step === 'done' || outcome.step === 'try') &&
    (answer.errno === null || !shortages.has(answer.errno)) &&
    (answer.signal === null || answer.signal === 'SIGSYS')
  return {
    id,
    passes: measured ? answer.signal === null && answer.errno === expected : null,
    syscall: syscalls[attempt],
    ...answer,
  }
}

const controlNames: ReadonlySet<string> = new Set<Attempt>(controlAttempts)
const methodNames: ReadonlySet<string> = new Set(methods)

function isControl(attempt: Attempt): attempt is ControlAttempt {
  return controlNames.has(attempt)
}

function isMethod(attempt: Attempt): attempt is Method {
  return methodNames.has(attempt)
}

/** Translates the engine's answers, family by family, into the words of the report. */
export function observe(
  scenarios: readonly Scenario[],
  families: readonly (readonly Outcome[])[],
): Observed {
  const observations: Observation[] = []
  const controls: Control[] = []
  scenarios.forEach((scenario, i) => {
    scenario.attempts.forEach((attempt, j) => {
      const outcome = families[i]?.[j] ?? { step: 'not-run', errno: 0, signal: 0 }
      const { identity, relation, consent } = scenario
      if (isControl(attempt)) {
        controls.push(controlOf(attempt.replace('-', '/'), attempt, outcome))
      } else if (relation !== null && isMethod(attempt)) {
        observations.push(observationOf({ ...scenario, relation }, attempt, outcome))
      } else if (relation !== null && attempt === 'read') {
        controls.push(controlOf(`${familyId(identity, relation, consent)}/read`, attempt, outcome))
      }
    })
  })
  return { observations, controls }
}
