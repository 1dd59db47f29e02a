import type { Control, Observation } from './attempts.js'
import type { FindingId, Level } from './findings.js'
import type { ProfileAdvice } from './profiles.js'
import type { Remedy } from './remedies.js'
import type { ScopeReport } from './scope-report.js'
import type { Duration, Link, Positive, Text, Time, Version, Whole } from './shapes.js'
import type { CrashHandling } from './strategies.js'

/** What the verdict rests on. */
export interface Measurement {
  /** Every attempt, in the order of the table of scenarios. */
  readonly observations: readonly Observation[]
  /** Every control and every question for READ access. */
  readonly controls: readonly Control[]
  /** The security label of the process that asked; null when there is none. */
  readonly label: string | null
  /** Whether a seccomp filter may answer for the kernel; null when unknown. */
  readonly seccomp: CallerFacts['seccomp']
  /** The program that answers in the kernel's place; null when there is no sign of one. */
  readonly emulator: string | null
  /** Whether the files of the machine say that Yama is active; null when they say nothing. */
  readonly yama: boolean | null
}

/** Whether a thread has `CAP_SYS_PTRACE` (capabilities(7)). */
export interface CapabilityState {
  /**
   * Whether the kernel grants it, found out by trying: READ access to a process of its own that is not
   * dumpable. A security module can withhold what the sets show. Null when it could not be tried.
   */
  readonly granted: boolean | null
  /** In the effective set, which the kernel looks at when it decides. */
  readonly effective: boolean
  /** In the permitted set: the thread may make it effective. */
  readonly permitted: boolean
  /** In the bounding set: the thread may gain it by execve(2). */
  readonly bounding: boolean
}

/** One statement about the machine or the measurement, with what it rests on. */
export interface Finding {
  /** Stable name, such as `declared-differs`. */
  readonly id: FindingId
  /** How bad it is. */
  readonly level: Level
  /** One sentence. */
  readonly message: Text
  /**
   * Ids of observations and controls, or names of fields of the report.
   *
   * @uniqueItems true
   */
  readonly evidence: readonly Text[]
  /** Least privilege first. */
  readonly remedies: readonly Remedy[]
  /** Where the rule behind the statement is documented. */
  readonly source: Link
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
  /**
   * The program that answers system calls in the kernel's place, as far as that can be seen, such as
   * `qemu-aarch64` or `proot`; null when there is no sign of one.
   */
  readonly emulator: string | null
  /** Whether SELinux's boolean `deny_ptrace` is on; null where there is none, or it cannot be read. */
  readonly denyPtrace: boolean | null
  /**
   * The sysctls that keep ordinary users from making user namespaces, such as
   * `user.max_user_namespaces = 0`. Without one, only CAP_SYS_PTRACE tells scope 2 from 3.
   */
  readonly namespaceLimits: readonly string[]
}

/** The process that asked. */
export interface CallerFacts {
  /** Its process ID. */
  readonly pid: Positive
  /** The real user ID. */
  readonly uid: Whole
  /** The real group ID. */
  readonly gid: Whole
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
  readonly tracerPid: Whole | null
}

/** What the measurement left in the kernel's log. */
export interface KernelLog {
  /**
   * How many attempts Yama refused. It asks for a line for each; the kernel writes at most 10 in 5
   * seconds and counts the others. Null when it is not known which rule refused.
   */
  readonly refusals: Whole | null
  /** Only what leaves no line was asked; the verdict needs more. */
  readonly quiet: boolean
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
    readonly version: Version
  }
  /** When the measurement began, ISO 8601 in UTC. */
  readonly time: Time
  /** How long the measurement took, in milliseconds. */
  readonly durationMs: Duration
  /** Where it was measured. */
  readonly host: HostFacts
  /** By whom. */
  readonly caller: CallerFacts
  /** The verdict on the Yama scope. */
  readonly scope: ScopeReport
  /** What Yama wrote about it. */
  readonly kernelLog: KernelLog
  /** Every attempt, in the order of the table of scenarios. */
  readonly observations: readonly Observation[]
  /** What makes the refusals believable. */
  readonly controls: readonly Control[]
  /** What there is to be said about it, the gravest first. */
  readonly findings: readonly Finding[]
  /** How a crash handler gets at a program that crashed; reports of earlier releases lack it. */
  readonly crashHandling?: readonly CrashHandling[]
  /** What a guide advises for a kind of machine; only where that was asked for (`--profile`). */
  readonly profile?: ProfileAdvice
}
