import type { CauseId } from './causes.js'
import type { Remedy } from './remedies.js'
import type { Certainty, TracerName } from './vocabulary.js'

/** One thing that was seen: an oracle and its answer, or a fact and its value. */
export interface Evidence {
  /** A system call, or a file or field of /proc. */
  readonly source: string
  /** Its answer or value: `success`, the name of an error, or text. */
  readonly result: string
}

/** A cause beside its certainty. */
export interface Cause {
  /** Which rule. */
  readonly id: CauseId
  /** How far the evidence carries that it refuses. */
  readonly certainty: Certainty
  /** One sentence. */
  readonly message: string
  /** What was seen of it. */
  readonly evidence: readonly Evidence[]
}

/** What could be read of a target. */
export interface Target {
  /** The ID of the process, also where a thread was asked about. */
  readonly pid: number
  /** The name of proc_pid_comm(5), at most 15 bytes; as it is, control characters included. */
  readonly name: string
  /** The real user id. */
  readonly uid: number
  /** The letter of proc_pid_stat(5): `R S D T t Z X I`. */
  readonly state: string
  /** The ID of its parent process. */
  readonly parent: number
}

/** Whether one tracer may attach to one process, and why not. */
export type Verdict = Allowed | Denied | Undetermined

/** What every verdict says. */
export interface Answered {
  /** Changes when a program that reads the verdict has to change. */
  readonly schemaVersion: 1
  /** As asked; may be a thread's. */
  readonly pid: number
  /** What could be read of it; null when it is not there or cannot be seen. */
  readonly target: Target | null
  /** Whose access was in question. */
  readonly tracer: TracerName
  /** One sentence. */
  readonly message: string
  /** What the kernel answered. */
  readonly evidence: readonly Evidence[]
}

/** The kernel grants the access. */
export interface Allowed extends Answered {
  /** What was read of the target. */
  readonly target: Target
  /** The kernel grants access. */
  readonly verdict: 'allowed'
  /** Null: no rule refuses. */
  readonly cause: null
  /** Empty: no rule refuses. */
  readonly causes: readonly []
  /** The kernel itself said so. */
  readonly certainty: 'proved'
  /** Empty: nothing has to change. */
  readonly remedies: readonly []
}

/** A rule refuses the access. */
export interface Denied extends Answered {
  /** A rule refuses. */
  readonly verdict: 'denied'
  /** The rule that refuses first; `undetermined` when no rule that can be seen explains it. */
  readonly cause: CauseId
  /** Every rule that is seen, or known, to refuse, in the kernel's order. */
  readonly causes: readonly Cause[]
  /** How far the evidence carries the first cause. */
  readonly certainty: Certainty
  /** Least privilege first. */
  readonly remedies: readonly Remedy[]
}

/** Whether the kernel grants the access could not be found out. */
export interface Undetermined extends Answered {
  /** Not known. */
  readonly verdict: 'undetermined'
  /** Not known. */
  readonly cause: 'undetermined'
  /** Empty: no rule is known to refuse. */
  readonly causes: readonly []
  /** Not known. */
  readonly certainty: 'undetermined'
  /** Empty: what would help is not known. */
  readonly remedies: readonly []
}
