import type { Consent } from './consents.js'
import type { Method } from './methods.js'
import type { Relation } from './relations.js'
import type { ErrorName, SignalName, Text } from './shapes.js'
import type { Step } from './steps.js'
import type { ControlId, Identity, ObservationId } from './vocabulary.js'

/**
 * One cell: what the kernel answered when one tracer tried one method on one target.
 * Evidence elsewhere in the report names observations by their `id`.
 */
export type Observation = AllowedAttempt | DeniedAttempt | UntriedAttempt | FailedAttempt

/** What was tried. */
export interface Attempted {
  /** `identity/relation[+consent]/method`, such as `unprivileged/sibling+any/seize`. */
  readonly id: ObservationId
  /** As whom the tracer tried. */
  readonly identity: Identity
  /** What the target was to the tracer. */
  readonly relation: Relation
  /** Whom the target had named as its tracer. */
  readonly consent: Consent
  /** How the tracer tried. */
  readonly method: Method
}

/** Every step succeeded, and what was read was the target's. */
export interface AllowedAttempt extends Attempted {
  /** The kernel allowed it. */
  readonly status: 'allowed'
  /** Null: no step failed. */
  readonly step: null
  /** Null: no system call failed. */
  readonly syscall: null
  /** Null: there was no error. */
  readonly errno: null
  /** Null: no signal ended it. */
  readonly signal: null
}

/** A rule refused it. */
export interface DeniedAttempt extends Attempted {
  /** A rule refused it. */
  readonly status: 'denied'
  /** The method's own system call was refused. */
  readonly step: 'try'
  /** That system call. */
  readonly syscall: Text
  /** The error's name, such as `EPERM`; null when a signal ended the attempt. */
  readonly errno: ErrorName | null
  /** The signal that ended the attempt, such as `SIGSYS` from a seccomp filter; null otherwise. */
  readonly signal: SignalName | null
}

/** Where an attempt ended that says nothing about access. */
export interface EndedAttempt extends Attempted {
  /**
   * Where it ended: `try` for the method's own system call, another word for something before or
   * after it (`consent`, `unshare`, `traced`, `deadline`, ...).
   */
  readonly step: Step
  /** The system call that the attempt ended in; null when none decided. */
  readonly syscall: Text | null
  /** The error's name, such as `EINVAL`; null when there was none. */
  readonly errno: ErrorName | null
  /** The signal that ended the attempt; null when there was none. */
  readonly signal: SignalName | null
}

/** Something that the attempt needs does not exist on this machine, so it was not tried. */
export interface UntriedAttempt extends EndedAttempt {
  /** It could not be tried. */
  readonly status: 'unavailable'
}

/** The measurement failed, not the access: out of time or memory, traced already, ... */
export interface FailedAttempt extends EndedAttempt {
  /** Nothing is concluded from it. */
  readonly status: 'inconclusive'
}

/**
 * A control: a system call whose answer is known on an unconfined machine, so that a filter is
 * recognised and not believed, and the two questions that are about no target (`yama`, READ access).
 */
export interface Control {
  /** `control/…`, such as `control/yama` or `unprivileged/child/read`. */
  readonly id: ControlId
  /** True: answered as on an unconfined machine. False: something else answered. Null: not measured. */
  readonly passes: boolean | null
  /** The system call that was made. */
  readonly syscall: Text
  /** The error's name; null when there was none. */
  readonly errno: ErrorName | null
  /** The signal that ended the attempt; null when there was none. */
  readonly signal: SignalName | null
}
