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

/** Whether one tracer may attach to one process, and why not. */
export interface Verdict {
  /** Changes when a program that reads the verdict has to change. */
  readonly schemaVersion: 1
  /** As asked; may be a thread's. */
  readonly pid: number
  /** What could be read of it; null when it is not there or cannot be seen. */
  readonly target: {
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
  } | null
  /** Whose access was in question. */
  readonly tracer: TracerName
  /** Whether access is granted. */
  readonly verdict: 'allowed' | 'denied' | 'undetermined'
  /** The rule that refuses first; null when allowed. */
  readonly cause: CauseId | null
  /** Every rule that is seen, or known, to refuse, in the kernel's order. */
  readonly causes: readonly Cause[]
  /** How far the evidence carries the verdict: that of its first cause, where there is one. */
  readonly certainty: Certainty
  /** One sentence. */
  readonly message: string
  /** What the kernel answered. */
  readonly evidence: readonly Evidence[]
  /** Least privilege first; none when allowed. */
  readonly remedies: readonly Remedy[]
}
