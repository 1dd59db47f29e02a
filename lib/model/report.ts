import type { Remedy } from './remedies.js'
import type {
  Certainty,
  Consent,
  Identity,
  Method,
  Relation,
  Scope,
  ScopeName,
  Status,
  Step,
} from './vocabulary.js'

/**
 * One cell: what the kernel answered when one tracer tried one method on one target.
 * Evidence elsewhere in the report names observations by their `id`.
 */
export interface Observation {
  /** `identity/relation[+consent]/method`, such as `unprivileged/sibling+any/seize`. */
  readonly id: string
  /** As whom the tracer tried. */
  readonly identity: Identity
  /** What the target was to the tracer. */
  readonly relation: Relation
  /** Whom the target had named as its tracer. */
  readonly consent: Consent
  /** How the tracer tried. */
  readonly method: Method
  /** What came of it. */
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
export interface Control {
  /** `control/…`, such as `control/yama` or `unprivileged/child/read`. */
  readonly id: string
  /** True: answered as on an unconfined machine. False: something else answered. Null: not measured. */
  readonly passes: boolean | null
  /** The system call that was made. */
  readonly syscall: string
  /** The error's name; null when there was none. */
  readonly errno: string | null
  /** The signal that ended the attempt; null when there was none. */
  readonly signal: string | null
}

/** What the verdict rests on. */
export interface Measurement {
  /** Every attempt, in the order of the table of scenarios. */
  readonly observations: readonly Observation[]
  /** Every control and every question for READ access. */
  readonly controls: readonly Control[]
  /** Whether the process that asked had `CAP_SYS_PTRACE`. */
  readonly capSysPtrace: CapabilityState
  /** The security label of the process that asked; null when there is none. */
  readonly label: string | null
}

/** In which of the thread's capability sets `CAP_SYS_PTRACE` is (capabilities(7)). */
export interface CapabilityState {
  /** What the kernel looks at when it decides. */
  readonly effective: boolean
  /** What the thread may make effective. */
  readonly permitted: boolean
  /** What it may still gain by execve(2). */
  readonly bounding: boolean
}

/** Which scope the kernel enforces, concluded from behaviour alone. */
export interface EnforcedScope {
  /** The scope; null when the evidence leaves several, or when Yama is not there. */
  readonly value: Scope | null
  /**
   * The name of that scope; `no-yama` where Yama is not active, `undetermined` where it stays open.
   */
  readonly name: ScopeName | 'no-yama' | 'undetermined'
  /** Every scope that the evidence leaves possible; empty without Yama. */
  readonly candidates: readonly Scope[]
  /** How far the evidence carries the conclusion. */
  readonly certainty: Certainty
  /** Ids of the observations and controls that decided. */
  readonly evidence: readonly string[]
}

/** What this process experiences, whatever rule causes it. */
export interface EffectiveScope {
  /** The scope by which this process is treated; null where none describes that. */
  readonly value: Scope | null
  /**
   * Its name; `blocked` where ptrace is filtered or another rule than Yama refuses even a child.
   */
  readonly name: ScopeName | 'blocked' | 'undetermined'
  /** Ids of the observations that decided. */
  readonly evidence: readonly string[]
}

/** What the kernel's own file says. */
export interface DeclaredScope {
  /** Null: there is no such file, or it could not be read. */
  readonly value: Scope | null
  /** The path of that file. */
  readonly source: string
}

/** The four views of the scope, side by side. */
export interface ScopeReport {
  /** What the attempts show. */
  readonly enforced: EnforcedScope
  /** What the calling process meets. */
  readonly effective: EffectiveScope
  /** What the kernel says. */
  readonly declared: DeclaredScope
  /** Declared against enforced; null when either is unknown. */
  readonly agrees: boolean | null
}

/** How bad it is: `info` explains, `warning` weakens a statement or a machine, `error` contradicts. */
export type Level = 'info' | 'warning' | 'error'

/** One statement about the machine or the measurement, with what it rests on. */
export interface Finding {
  /** Stable name, such as `declared-differs`. */
  readonly id: string
  /** How bad it is. */
  readonly level: Level
  /** One sentence. */
  readonly message: string
  /** Ids of observations and controls, or names of fields of the report. */
  readonly evidence: readonly string[]
  /** Least privilege first. */
  readonly remedies: readonly Remedy[]
  /** Where the rule behind the statement is documented. */
  readonly source: string
}

/** The machine, as far as it can be read. */
export interface HostFacts {
  /** The release, as uname(2) gives it. */
  readonly kernel: string
  /** As Node names it: `x64`, `arm64`, … */
  readonly arch: string
  /** `ID` and `VERSION_ID` of os-release(5); null where it does not say. */
  readonly os: {
    /** Such as `debian`. */
    readonly id: string | null
    /** Such as `12`. */
    readonly version: string | null
  }
  /** Active security modules in their order; null when securityfs cannot be read. */
  readonly lsm: readonly string[] | null
  /** The container runtime that this process seems to run in; null when there is no sign of one. */
  readonly container: string | null
}

/** The process that asked. */
export interface CallerFacts {
  /** Its process ID. */
  readonly pid: number
  /** The real user ID. */
  readonly uid: number
  /** The real group ID. */
  readonly gid: number
  /** Whether it has `CAP_SYS_PTRACE`. */
  readonly capSysPtrace: CapabilityState
  /** `child`: not the initial user namespace, so capabilities count only inside it. */
  readonly userNamespace: 'initial' | 'child' | null
  /** `Seccomp` of proc_pid_status(5); null when unknown. */
  readonly seccomp: 'disabled' | 'strict' | 'filter' | null
  /** `NoNewPrivs` of proc_pid_status(5): execve(2) grants it nothing; null when unknown. */
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
  /** Changes when a program that reads the report has to change. */
  readonly schemaVersion: 1
  /** Who measured. */
  readonly tool: {
    /** This package. */
    readonly name: 'ptrace-probe'
    /** Its version. */
    readonly version: string
  }
  /** When the measurement began, ISO 8601 in UTC. */
  readonly time: string
  /** How long the measurement took, in milliseconds. */
  readonly durationMs: number
  /** Where it was measured. */
  readonly host: HostFacts
  /** By whom. */
  readonly caller: CallerFacts
  /** The verdict on the Yama scope. */
  readonly scope: ScopeReport
  /** Every attempt, in the order of the table of scenarios. */
  readonly observations: readonly Observation[]
  /** What makes the refusals believable. */
  readonly controls: readonly Control[]
  /** What there is to be said about it, the gravest first. */
  readonly findings: readonly Finding[]
}
