import type {
  CauseId,
  Certainty,
  Consent,
  Identity,
  Method,
  Relation,
  Scope,
  ScopeName,
  Status,
  Step,
  TracerName,
} from './vocabulary.js'

/**
 * One cell: what the kernel answered when one tracer tried one method on one target.
 * Evidence elsewhere in the report names observations by their `id`.
 */
export interface Observation {
  /** `identity/relation[+consent]/method`, such as `unprivileged/sibling+any/seize`. */
  readonly id: string
  readonly identity: Identity
  readonly relation: Relation
  readonly consent: Consent
  readonly method: Method
  readonly status: Status
  /**
   * Where the attempt ended: `try` for the method's own system call, another word for something
   * before or after it (`consent`, `unshare`, `traced`, `deadline`, …); null when all succeeded.
   */
  readonly step: Step | null
  /** The system call that the attempt ended in; null when every one succeeded, or none decided. */
  readonly syscall: string | null
  /** The error's name, such as `EPERM`; null when there was none or a signal ended the attempt. */
  readonly errno: string | null
  /** The signal that ended the attempt, such as `SIGSYS` from a seccomp filter; null otherwise. */
  readonly signal: string | null
}

/**
 * A control: a system call whose answer is known on an unconfined machine, so that a filter is
 * recognised and not believed, and the two questions that are about no target (`yama`, READ access).
 */
export interface Calibration {
  /** `control/…`, such as `control/yama` or `unprivileged/child/read`. */
  readonly id: string
  /** True: answered as on an unconfined machine. False: something else answered. Null: not measured. */
  readonly passes: boolean | null
  readonly syscall: string
  /** The error's name; null when there was none. */
  readonly errno: string | null
  /** The signal that ended the attempt; null when there was none. */
  readonly signal: string | null
}

/** What the verdict rests on. */
export interface Measurement {
  readonly observations: readonly Observation[]
  readonly calibrations: readonly Calibration[]
  readonly capSysPtrace: CapabilityState
  /** The security label of the process that asked; null when there is none. */
  readonly label: string | null
}

/** In which of the thread's capability sets `CAP_SYS_PTRACE` is (capabilities(7)). */
export interface CapabilityState {
  readonly effective: boolean
  readonly permitted: boolean
  readonly bounding: boolean
}

/** Which scope the kernel enforces, concluded from behaviour alone. */
export interface EnforcedScope {
  /** The scope; null when the evidence leaves several, or when Yama is not there. */
  readonly value: Scope | null
  readonly name: ScopeName | 'no-yama' | 'undetermined'
  /** Every scope that the evidence leaves possible; empty without Yama. */
  readonly candidates: readonly Scope[]
  readonly certainty: Certainty
  /** Ids of the observations and calibrations that decided. */
  readonly evidence: readonly string[]
}

/** What this process experiences, whatever rule causes it. */
export interface EffectiveScope {
  readonly value: Scope | null
  readonly name: ScopeName | 'blocked' | 'undetermined'
  readonly evidence: readonly string[]
}

/** What the kernel's own file says. */
export interface DeclaredScope {
  /** Null: there is no such file, or it could not be read. */
  readonly value: Scope | null
  readonly source: string
}

/** The four views of the scope, side by side. */
export interface ScopeReport {
  readonly enforced: EnforcedScope
  readonly effective: EffectiveScope
  readonly declared: DeclaredScope
  /** Declared against enforced; null when either is unknown. */
  readonly agrees: boolean | null
}

/** How bad it is: `info` explains, `warning` weakens a statement or a machine, `error` contradicts. */
export type Level = 'info' | 'warning' | 'error'

/** One thing that one can do, and what it costs. */
export interface Remedy {
  readonly id: string
  /** One sentence. */
  readonly does: string
  /** What to type, where one command does it. */
  readonly command?: string
  readonly needs: 'nothing' | 'target' | 'root' | 'reboot'
  readonly lasts: 'process' | 'boot' | 'permanent'
  readonly weakens: 'nothing' | 'target' | 'user' | 'machine'
}

/** One statement about the machine or the measurement, with what it rests on. */
export interface Finding {
  readonly id: string
  readonly level: Level
  readonly message: string
  /** Ids of observations and calibrations, or names of fields of the report. */
  readonly evidence: readonly string[]
  /** Least privilege first. */
  readonly remedies: readonly Remedy[]
  /** Where the rule behind the statement is documented. */
  readonly source: string
}

/** The machine, as far as it can be read. */
export interface HostFacts {
  readonly kernel: string
  /** As Node names it: `x64`, `arm64`, … */
  readonly arch: string
  readonly os: { readonly id: string | null; readonly version: string | null }
  /** Active security modules in their order; null when securityfs cannot be read. */
  readonly lsm: readonly string[] | null
  /** The container runtime that this process seems to run in; null when there is no sign of one. */
  readonly container: string | null
}

/** The process that asked. */
export interface CallerFacts {
  readonly pid: number
  readonly uid: number
  readonly gid: number
  readonly capSysPtrace: CapabilityState
  /** `child`: not the initial user namespace, so capabilities count only inside it. */
  readonly userNamespace: 'initial' | 'child' | null
  readonly seccomp: 'disabled' | 'strict' | 'filter' | null
  readonly noNewPrivs: boolean | null
  /** `PR_GET_DUMPABLE` is 1 (`PR_SET_DUMPABLE(2const)`). */
  readonly dumpable: boolean
  /** The security label (SELinux context, AppArmor profile); null when there is none. */
  readonly label: string | null
  /** The process that traces this one; 0 when none does, null when unknown. */
  readonly tracerPid: number | null
}

/** The whole answer of {@link probe}. */
export interface Report {
  readonly schemaVersion: 1
  readonly tool: { readonly name: 'ptrace-probe'; readonly version: string }
  /** When the measurement began, ISO 8601 in UTC. */
  readonly time: string
  /** How long the measurement took, in milliseconds. */
  readonly durationMs: number
  readonly host: HostFacts
  readonly caller: CallerFacts
  readonly scope: ScopeReport
  readonly observations: readonly Observation[]
  readonly calibrations: readonly Calibration[]
  readonly findings: readonly Finding[]
}

/** One thing that was seen: an oracle and its answer, or a fact and its value. */
export interface Evidence {
  /** A system call, or a file or field of /proc. */
  readonly oracle: string
  readonly result: string
}

/** A cause beside its certainty. */
export interface Cause {
  readonly id: CauseId
  readonly certainty: Certainty
  /** One sentence. */
  readonly message: string
  readonly evidence: readonly Evidence[]
}

/** Whether one tracer may attach to one process, and why not. */
export interface Verdict {
  readonly schemaVersion: 1
  /** As asked; may be a thread's. */
  readonly pid: number
  /** What could be read of it; null when it is not there or cannot be seen. */
  readonly target: {
    readonly pid: number
    readonly name: string
    /** The real user id. */
    readonly uid: number
    /** The letter of proc_pid_stat(5): `R S D T t Z X I`. */
    readonly state: string
    readonly parent: number
  } | null
  readonly tracer: TracerName
  readonly verdict: 'allowed' | 'denied' | 'undetermined'
  /** The rule that refuses first; null when allowed. */
  readonly cause: CauseId | null
  /** Every rule that is seen, or known, to refuse, in the kernel's order. */
  readonly causes: readonly Cause[]
  readonly certainty: Certainty
  /** One sentence. */
  readonly message: string
  readonly evidence: readonly Evidence[]
  /** Least privilege first; none when allowed. */
  readonly remedies: readonly Remedy[]
}
