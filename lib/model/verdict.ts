import type { CauseId } from './causes.js'
import type { AccessMethod } from './methods.js'
import type { Remedy } from './remedies.js'
import type { Headline, Positive, StateLetter, Text, Whole } from './shapes.js'
import type { TracerName } from './tracers.js'
import type { Certainty } from './vocabulary.js'

/** One thing that was seen: an oracle and its answer, or a fact and its value. */
export interface Evidence {
  /** A system call, or a file or field of /proc. */
  readonly source: Text
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
  readonly message: Text
  /** What was seen of it. */
  readonly evidence: readonly Evidence[]
  /** The ID of the thread that is refused, where the process as such would not be. */
  readonly thread?: Positive
}

/** What could be read of a target. */
export interface Target {
  /** The ID of the process, also where a thread was asked about. */
  readonly pid: Whole
  /** The name of proc_pid_comm(5), at most 15 bytes; as it is, control characters included. */
  readonly name: string
  /** The real user id. */
  readonly uid: Whole
  /** The letter of proc_pid_stat(5): `R S D T t Z X I`. */
  readonly state: StateLetter
  /** The ID of its parent process. */
  readonly parent: Whole
}

/** Whether one tracer may attach to one process, and why not. */
export type Verdict = Allowed | Denied | Undetermined

/** What `check` answers about one thing that it was asked about. */
export type CheckAnswer = Verdict | NoSuchName

/** What every verdict says. */
export interface Answered {
  /** Changes when a program that reads the verdict has to change. */
  readonly schemaVersion: 1
  /** As asked; may be a thread's. */
  readonly pid: Positive
  /** What could be read of it; null when it is not there or cannot be seen. */
  readonly target: Target | null
  /** Whose access was in question. */
  readonly tracer: TracerName
  /** The way to the target that was in question: filters can tell them apart. */
  readonly method: AccessMethod
  /** The answer in at most 80 characters, such as for a pop-up; it names no process. */
  readonly title: Headline
  /** One sentence. */
  readonly message: Text
  /** What the kernel answered. */
  readonly evidence: readonly Evidence[]
}

/** No process has the name that `check --name` was given: the same answer as about a PID that is not there. */
export interface NoSuchName extends Omit<Answered, 'pid' | 'target'> {
  /** Null: there is none. */
  readonly pid: null
  /** As asked. */
  readonly name: string
  /** Null: there is none. */
  readonly target: null
  /** Nothing is there to attach to. */
  readonly verdict: 'denied'
  /** Nothing is there to attach to. */
  readonly cause: 'no-such-process'
  /** That, and where it was looked for. */
  readonly causes: readonly Cause[]
  /** Every process that /proc shows was looked at. */
  readonly certainty: 'proved'
  /** Empty: nothing would help. */
  readonly remedies: readonly []
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
  /** `proved`: the kernel itself said so; `inferred`: the tracer is only read about, not asked as. */
  readonly certainty: 'proved' | 'inferred'
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
