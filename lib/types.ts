import type {
  CauseId,
  Certainty,
  Consent,
  Identity,
  Method,
  Outcome,
  Relation,
  Scope,
  ScopeName,
  Status,
  Step,
  ToolKind,
  TracerName,
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
export interface Calibration {
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
  readonly calibrations: readonly Calibration[]
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
  /** Ids of the observations and calibrations that decided. */
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

/** One thing that one can do, and what it costs. */
export interface Remedy {
  /** Stable name, such as `start-under-debugger`. */
  readonly id: string
  /** One sentence. */
  readonly does: string
  /** What to type, where one command does it. */
  readonly command?: string
  /** What it takes: nothing, the cooperation of the target, root, or a reboot. */
  readonly needs: 'nothing' | 'target' | 'root' | 'reboot'
  /** How long it lasts: as long as the process, until the next boot, or for good. */
  readonly lasts: 'process' | 'boot' | 'permanent'
  /**
   * What is less protected by it: nothing, the target, all processes of the user, or the machine.
   */
  readonly weakens: 'nothing' | 'target' | 'user' | 'machine'
}

/** One statement about the machine or the measurement, with what it rests on. */
export interface Finding {
  /** Stable name, such as `declared-differs`. */
  readonly id: string
  /** How bad it is. */
  readonly level: Level
  /** One sentence. */
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
  readonly calibrations: readonly Calibration[]
  /** What there is to be said about it, the gravest first. */
  readonly findings: readonly Finding[]
}

/** One thing that was seen: an oracle and its answer, or a fact and its value. */
export interface Evidence {
  /** A system call, or a file or field of /proc. */
  readonly oracle: string
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

/** What a machine is expected to enforce, as {@link evaluate} and `--policy-file` take it. */
export interface PolicyInput {
  /** The version of this format; may be left out. */
  readonly schemaVersion?: 1
  /** A short name: lower-case letters, digits and `-`. */
  readonly id: string
  /**
   * One line.
   *
   * @defaultValue the id
   */
  readonly title?: string
  /**
   * Where it is published.
   *
   * @defaultValue null
   */
  readonly source?: string | null
  /**
   * The date of the source, `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
   *
   * @defaultValue null
   */
  readonly date?: string | null
  /**
   * The accepted scopes: a list, or an expression such as `'>=1'`. What counts is how the machine
   * behaves, not what its file says.
   *
   * @defaultValue null: any
   */
  readonly scope?: string | readonly Scope[] | null
  /**
   * The behaviour that it is meant to enforce: `[IDENTITY/]RELATION[+CONSENT][/METHOD]=allowed`, or
   * `=denied`. The identity is `unprivileged` where none is given; `capable` stands for a tracer
   * with `CAP_SYS_PTRACE` over the target, which is `caller` or `owner`.
   *
   * @defaultValue `[]`
   */
  readonly relations?: readonly string[]
}

/** A policy with every field filled in. */
export interface Policy {
  /** A short name. */
  readonly id: string
  /** One line. */
  readonly title: string
  /** Where it is published; null for one of your own. */
  readonly source: string | null
  /** The date of the source; null where there is none. */
  readonly date: string | null
  /** The accepted scopes; null: any. */
  readonly scope: readonly Scope[] | null
  /** The behaviour that it is meant to enforce, as {@link PolicyInput.relations} has it. */
  readonly relations: readonly string[]
}

/** One thing that a policy expects, beside what was observed. */
export interface Expectation {
  /** `scope`, or who is to get at whom: `identity/relation[+consent][/method]`. */
  readonly subject: string
  /** The accepted scopes, such as `2 or 3`; otherwise `allowed` or `denied`. */
  readonly expected: string
  /** The same of what was observed; `unknown` where it could not be measured. */
  readonly observed: string
  /** Null: could not be measured. */
  readonly met: boolean | null
  /** Ids of the observations and calibrations that decided. */
  readonly evidence: readonly string[]
}

/** A value and who accepts it. */
export interface Acceptance {
  /** A value of `kernel.yama.ptrace_scope`. */
  readonly value: Scope
  /** Ids of {@link policies}. */
  readonly policies: readonly string[]
}

/** Whether a machine meets a policy: the answer of {@link evaluate}. */
export interface Evaluation {
  /** The version of this format. */
  readonly schemaVersion: 1
  /** What was asked for. */
  readonly policy: Policy
  /** By the observed behaviour; null where it could not be measured. */
  readonly met: boolean | null
  /** `inferred` where another rule than Yama refuses, for it may treat other processes otherwise. */
  readonly certainty: Certainty
  /** One sentence. */
  readonly message: string
  /** All of them have to be met. */
  readonly expectations: readonly Expectation[]
  /** The value that an auditor who reads the file would see, beside the behaviour. */
  readonly value: {
    /** What the policy accepts; null: any. */
    readonly accepted: readonly Scope[] | null
    /** What the kernel's file says; null: there is none. */
    readonly declared: Scope | null
    /** What is enforced; null: not decided, or there is no Yama. */
    readonly enforced: Scope | null
    /**
     * The scopes that would show the observed behaviour; 0 where there is no Yama and nothing
     * refuses, none where it is unknown or not that of any scope.
     */
    readonly behavesAs: readonly Scope[]
    /** Whether the policy accepts the declared value; null where either is missing. */
    readonly declaredAccepted: boolean | null
  }
  /** One sentence where value and behaviour disagree; null otherwise. */
  readonly disagreement: string | null
  /** The policies of {@link policies} that accept no value that this one accepts. */
  readonly contradicts: readonly Pick<Policy, 'id' | 'scope'>[]
  /** For each value, the policies of {@link policies} that accept it. */
  readonly acceptedBy: readonly Acceptance[]
  /** What would change it, least privilege first; none where it is met. */
  readonly remedies: readonly Remedy[]
}

/** What `ptrace-probe assert` answers: several policies at once, all of which have to be met. */
export interface Assertion {
  /** The version of this format. */
  readonly schemaVersion: 1
  /** What answered. */
  readonly tool: Report['tool']
  /** When the measurement began, ISO 8601 in UTC. */
  readonly time: string
  /** False where one is not met; otherwise null where one could not be measured. */
  readonly met: boolean | null
  /** The least of the certainties. */
  readonly certainty: Certainty
  /** One sentence. */
  readonly message: string
  /** The scope, as in the report. */
  readonly scope: Pick<ScopeReport, 'declared' | 'enforced'>
  /** One for each policy, in the order in which they were asked for. */
  readonly evaluations: readonly Evaluation[]
  /** What would make the machine meet all of them, least privilege first. */
  readonly remedies: readonly Remedy[]
}

/** What one tool can do for one identity, and why. */
export interface ToolEffect {
  /** What it does, such as `attach to a program that runs already`. */
  readonly does: string
  /** As whom the tool is started. */
  readonly identity: Identity
  /** Whether that works. */
  readonly outcome: Outcome
  /** Why: one sentence. */
  readonly message: string
  /** Ids of the observations that decided. */
  readonly evidence: readonly string[]
}

/** What a tool gets by its file, whoever starts it (capabilities(7), execve(2)). */
export interface ToolPrivileges {
  /** The user that it runs as (set-uid); null: the one who starts it. */
  readonly setUid: number | null
  /** Its file capabilities, such as `CAP_SYS_PTRACE`. */
  readonly capabilities: readonly string[]
  /** Whether it has these from its start; otherwise it has to ask for what it is permitted. */
  readonly effective: boolean
  /** Why nothing comes of them here: one sentence; null where they count. */
  readonly ignored: string | null
}

/** A tool that was found, and what it can do here. */
export interface Tool {
  /** Its name in the table of tools, which its file's may continue. */
  readonly name: string
  /** What it is for. */
  readonly kind: ToolKind
  /** Its file. */
  readonly path: string
  /** The package that brought it; null when none is known to. */
  readonly package: string | null
  /** That package's version. No tool is run to ask for its own. */
  readonly version: string | null
  /** What its file gives whoever starts it; null when that is nothing. */
  readonly privileges: ToolPrivileges | null
  /** What it does to a program that it starts; empty: nothing with ptrace. */
  readonly start: readonly ToolEffect[]
  /** What it does to a program that it did not start; empty: nothing with ptrace. */
  readonly attach: readonly ToolEffect[]
  /** How it does without ptrace, or what else is to be known; null: nothing. */
  readonly note: string | null
  /** What its file endangers: one sentence; null: nothing. */
  readonly warning: string | null
}

/** The whole answer of {@link tools}. */
export interface ToolsReport {
  /** Changes when a program that reads the report has to change. */
  readonly schemaVersion: 1
  /** Who measured. */
  readonly tool: Report['tool']
  /** When the measurement began, ISO 8601 in UTC. */
  readonly time: string
  /** Where it was measured. */
  readonly host: HostFacts
  /** By whom. */
  readonly caller: CallerFacts
  /** The verdict on the Yama scope. */
  readonly scope: ScopeReport
  /** Every tool that was found. */
  readonly tools: readonly Tool[]
  /** Package databases that could not be read, and why; `package` may then be null for that. */
  readonly unread: readonly UnreadDatabase[]
}

/** A package database that is there but could not be read. */
export interface UnreadDatabase {
  /** Which kind. */
  readonly name: 'apk' | 'dpkg' | 'pacman' | 'rpm'
  /** Why: one sentence. */
  readonly reason: string
}

/** One line, or one parameter of the kernel, that assigns the scope or excludes it. */
export interface Assignment {
  /** Its path below the root. */
  readonly file: string
  /** Counted from 1, as its reader counts. */
  readonly line: number
  /** As it is written; null where the line excludes the key (`-key`). */
  readonly value: string | null
  /** Whether a boot ends with the value that it sets. */
  readonly effective: boolean
  /** What overrides it, as `FILE:LINE`, or as `FILE` when that hides its whole file. */
  readonly overriddenBy: string | null
  /** One sentence. */
  readonly reason: string
  /** The package that owns the file; null when none does, or that cannot be told. */
  readonly package: string | null
}

/** A remedy, and how to take it back. */
export interface SettingsRemedy extends Remedy {
  /** A command that undoes it. */
  readonly undo?: string
}

/** A package that lifts the restriction for the whole machine, and what brings it along. */
export interface PulledIn {
  /** Its name, such as `yama-ptrace-enable`. */
  readonly package: string
  /** Whether it is installed. */
  readonly installed: boolean
  /** The installed packages that require or recommend it. */
  readonly by: readonly string[]
}

/** The whole answer of {@link settings}: what is configured, and what a reboot makes of it. */
export interface SettingsReport {
  /** Changes when a program that reads the answer has to change. */
  readonly schemaVersion: 1
  /** Below which directory it was read. */
  readonly root: string
  /** The distribution, by os-release(5). */
  readonly os: HostFacts['os']
  /** Who reads the files at boot. */
  readonly reader: {
    /** As whom the files were read. */
    readonly name: 'systemd-sysctl' | 'procps' | 'busybox'
    /** The file that shows it; null when nothing does. */
    readonly evidence: string | null
  }
  /** Whether the kernel that runs has Yama; null when none runs below this root. */
  readonly yama: boolean | null
  /** Whether the files are applied at boot; null when that cannot be told. */
  readonly applied: boolean | null
  /** The scope that the kernel declares now; null without Yama, and in a tree that does not run. */
  readonly declared: DeclaredScope
  /** The scope of the kernel when nothing sets one, inferred from the distribution. */
  readonly builtIn: {
    /** Null when the distribution is not known. */
    readonly value: Scope | null
    /** Where that is documented. */
    readonly source: string | null
  }
  /** What is configured; all null when nothing is. */
  readonly persistent: {
    /** The scope that the kernel ends with. */
    readonly value: Scope | null
    /** The file that sets it, by its path below the root. */
    readonly file: string | null
    /** Its line, counted from 1. */
    readonly line: number | null
    /** The package that owns the file; null when none does, or that cannot be told. */
    readonly package: string | null
  }
  /** In the order of reading; a file that another one hides stands before that. */
  readonly assignments: readonly Assignment[]
  /**
   * On Fedora and its kin, the package that sets 0, and which debuggers want it; null elsewhere, and
   * where that cannot be told.
   */
  readonly pulledIn: PulledIn | null
  /** The scope after a reboot; null when that cannot be told, or does not depend on this root. */
  readonly afterReboot: Scope | null
  /** Whether the scope is 3 now, which nothing but a reboot changes. */
  readonly latched: boolean
  /** Whether the scope now is another than after a reboot; null when either is not known. */
  readonly drift: boolean | null
  /** Whether a file or directory was in the way of an answer that it might have changed. */
  readonly complete: boolean
  /** One sentence each: what could not be read, what has no effect, what to know about the answer. */
  readonly problems: readonly string[]
  /** What would change the scope after a reboot, or now; least privilege first. */
  readonly remedies: readonly SettingsRemedy[]
}
