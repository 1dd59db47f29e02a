import type { Outcome } from '../engine/index.js'
import {
  type Attempt,
  type Attempted,
  type Control,
  type ControlId,
  type ControlName,
  controlNames,
  controlRows,
  errnoName,
  type Method,
  methodRows,
  methods,
  type Observation,
  oneOf,
  type Relation,
  type Step,
  signalName,
} from '../model/index.js'
import { observationId, type Scenario } from './scenarios.js'

/** Cells and controls, translated from what the engine answered. */
export interface Observed {
  readonly observations: readonly Observation[]
  readonly controls: readonly Control[]
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
  subreaper: { kind: 'precondition', syscall: 'prctl' },
  adopted: { kind: 'ours', syscall: null },
  consent: { kind: 'precondition', syscall: 'prctl' },
  proc: { kind: 'precondition', syscall: 'readlinkat' },
  open: { kind: 'precondition', syscall: 'pidfd_open' },
  control: { kind: 'precondition', syscall: 'ptrace' },
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
export const refusals: ReadonlySet<string | null> = new Set(['EPERM', 'EACCES'])

/** Errors by which a method other than ptrace says that it is not there. */
const absences: ReadonlySet<string> = new Set(['ENOSYS', 'ENOENT'])

/** What came of an attempt. */
type Result<A = Observation> = A extends Attempted ? Omit<A, keyof Attempted> : never

/** What one attempt's outcome means. */
export function resultOf(method: Method, outcome: Outcome): Result {
  const { step } = outcome
  if (step === 'done') {
    return { status: 'allowed', step: null, syscall: null, errno: null, signal: null }
  }
  const { syscall } = methodRows[method]
  const answer = answerOf(outcome)
  const { errno: error, signal } = answer
  const ended = { step, syscall: step === 'try' ? syscall : stepRows[step].syscall, ...answer }
  const unavailable = { status: 'unavailable', ...ended } as const
  const inconclusive = { status: 'inconclusive', ...ended } as const
  if (error !== null && shortages.has(error)) return inconclusive
  const killedByFilter = signal === 'SIGSYS'
  if (signal !== null && !killedByFilter) return inconclusive
  if (step !== 'try') {
    return stepRows[step].kind === 'precondition' ? unavailable : inconclusive
  }
  const denied = { status: 'denied', step, syscall, ...answer } as const
  if (killedByFilter) return denied
  if (error === null) return inconclusive
  if (refusals.has(error)) return denied
  // Every kernel has ptrace, so ENOSYS is a filter's refusal; other calls may really be missing.
  if (syscall === 'ptrace') return error === 'ENOSYS' ? denied : inconclusive
  return absences.has(error) ? unavailable : inconclusive
}

function answerOf({ errno, signal }: Outcome): { errno: string | null; signal: string | null } {
  return {
    errno: errno === 0 ? null : errnoName(errno),
    signal: signal === 0 ? null : signalName(signal),
  }
}

/**
 * Whether it was the moment that kept an attempt from an answer: the machine was short of something,
 * or our own processes failed. The same attempt may have an answer later.
 */
export function isPassing(outcome: Outcome): boolean {
  const { step } = outcome
  const { errno, signal } = answerOf(outcome)
  if (step === 'done') return false
  if (errno !== null && shortages.has(errno)) return true
  if (signal !== null) return signal !== 'SIGSYS'
  // Where two questions got one answer, a filter gives it.
  return step !== 'try' && step !== 'read' && stepRows[step].kind === 'ours'
}

function observationOf(
  { identity, relation, consent }: Scenario & { relation: Relation },
  method: Method,
  outcome: Outcome,
): Observation {
  const id = observationId(identity, relation, consent, method)
  return { id, identity, relation, consent, method, ...resultOf(method, outcome) }
}

function controlOf(name: ControlName, outcome: Outcome): Control {
  const judged = judgedAs(name, `control/${name}`, outcome)
  // Two questions got one answer, so it was not the kernel's (native/probe/controls.cc, Contrast()).
  return outcome.step === 'read' ? { ...judged, passes: false } : judged
}

/** What came of the call of that control. */
function judgedAs(name: ControlName, id: ControlId, outcome: Outcome): Control {
  const answer = answerOf(outcome)
  const { syscall, unfiltered } = controlRows[name]
  const measured =
    (outcome.step === 'done' || outcome.step === 'try') &&
    (answer.errno === null || !shortages.has(answer.errno)) &&
    (answer.signal === null || answer.signal === 'SIGSYS')
  return {
    id,
    passes: measured ? answer.signal === null && answer.errno === unfiltered : null,
    syscall,
    ...answer,
  }
}

function isMethod(attempt: Attempt): attempt is Method {
  return oneOf(methods, attempt)
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
      const { identity, relation } = scenario
      const control = controlNames.find((name) => attempt === `control-${name}`)
      if (control !== undefined) {
        controls.push(controlOf(control, outcome))
      } else if (relation !== null && isMethod(attempt)) {
        observations.push(observationOf({ ...scenario, relation }, attempt, outcome))
      } else if (relation === 'child' && attempt === 'read') {
        controls.push(judgedAs('read', `${identity}/${relation}/read`, outcome))
      } else if (identity === 'caller' && relation === 'child' && attempt === 'read-protected') {
        controls.push(judgedAs('read', `${identity}/${relation}/${attempt}`, outcome))
      }
    })
  })
  return { observations, controls }
}
