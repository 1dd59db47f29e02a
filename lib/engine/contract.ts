import {
  type Attempt,
  type Consent,
  consents,
  controlAttempts,
  landlockControl,
  methods,
  type Step,
  steps,
  type Tree,
} from '../model/index.js'

/**
 * The version of requests and answers that this library speaks, which `native/addon/addon.cc` has,
 * too. Raise both with each change of either.
 */
export const abi = 2

/** As whom the members of a family act. */
export const identities = ['caller', 'unprivileged', 'owner', 'user'] as const

/** For whom a process that is forked to examine stands. */
export const tracers = ['child', 'stranger', 'user'] as const

const parents = ['none', 'supervisor', 'tracer', 'target'] as const satisfies readonly (
  | Tree['tracerParent']
  | Tree['targetParent']
)[]
const middles = ['none', 'lives', 'exits'] as const satisfies readonly Tree['middle'][]

/**
 * Every word that crosses the boundary, in the order of the enums of native/: the addon has the same
 * text (`native/addon/words.h`).
 */
export const words = [
  identities,
  consents,
  [...methods, 'read', ...controlAttempts, landlockControl],
  parents,
  middles,
  tracers,
  [...steps, 'done'],
]
  .map((list) => list.join(' '))
  .join('\n')

/** One family of processes, as the engine takes it (`native/probe/plan.h`). */
export interface FamilyPlan extends Tree {
  readonly identity: (typeof identities)[number]
  /** Index into {@link Plan.users}, for identity `user`. */
  readonly user: number
  readonly consent: Consent
  readonly methods: readonly Attempt[]
}

/** Ids as a login of that user would have them. */
export interface UserIds {
  readonly uid: number
  readonly gid: number
  readonly groups: readonly number[]
}

/** A whole measurement. */
export interface Plan {
  readonly families: readonly FamilyPlan[]
  readonly users: readonly UserIds[]
  /** For all of it, in milliseconds; at least 1. */
  readonly deadlineMs: number
  /** For one family, in milliseconds; at least 1. */
  readonly attemptMs: number
}

/** Where one attempt ended. */
export interface Outcome {
  readonly step: Step | 'done'
  /** Positive; 0 when no system call failed. */
  readonly errno: number
  /** 0 when no signal ended it. */
  readonly signal: number
}

/** What the engine answers. */
export interface EngineResult {
  /** One list a family, in the order of its methods. */
  readonly families: readonly (readonly Outcome[])[]
  /** From the fork to the end of the last process, in microseconds. */
  readonly elapsedUs: number
  /** CAP_SYS_PTRACE and the dumpable flag of the thread that asked. */
  readonly self: {
    readonly dumpable: boolean
    readonly effective: boolean
    readonly permitted: boolean
    readonly bounding: boolean
  }
}

/** The same as the addon answers it. */
export interface RawResult extends EngineResult {
  readonly finished: boolean
  readonly status: number
  readonly abort: Outcome
}

/** Why something of /proc could not be read. */
export interface Unread {
  readonly errno: number
}

/** Whether it was read. */
export function wasRead<Facts>(facts: Facts | Unread): facts is Facts {
  return typeof facts !== 'object' || facts === null || !('errno' in facts)
}

/** proc_pid_stat(5). */
export interface Stat {
  readonly name: string
  readonly state: string
  readonly flags: number
  readonly parent: number
  /** How many threads it has. */
  readonly threads: number
  readonly startTime: number
}

/** Real, effective, saved. */
export type Ids = readonly [number, number, number]

/** proc_pid_status(5). */
export interface Status {
  readonly threadGroup: number
  readonly tracer: number
  readonly uids: Ids
  readonly gids: Ids
  readonly capPermitted: bigint
  readonly capEffective: bigint
}

/** What /proc shows of a process (`native/examine/examine.h`). */
export interface ProcessFacts {
  readonly stat: Stat | Unread
  readonly status: Status | Unread
}

/** Who owns the files of a process. */
export interface Owners {
  /** The owner of /proc/PID: the effective uid. */
  readonly directoryUid: number
  /** The owner of /proc/PID/stat: root when the process is not dumpable. */
  readonly filesUid: number
}

/** What matters of a process besides, where access was not granted. */
export interface Details {
  readonly owners: Owners | Unread
  /** The inode of its user namespace. */
  readonly userNamespace: number | Unread
  /** Its uid_map as the examiner sees it; empty when none was written. */
  readonly uidMap: string | Unread
  /** The same of project ids: that map is almost never written. */
  readonly projidMap: string | Unread
  readonly label: string | Unread
}

/** What is read only where access was not granted. */
export interface CloserLook {
  readonly target: Details
  /** The tracer. */
  readonly self: ProcessFacts
  readonly selfDetails: Details
  /** Of the target: its parent first. */
  readonly ancestors: readonly { readonly pid: number; readonly name: string }[]
}

/** What an examination of one process found (`native/examine/examine.h`). */
export interface Examination {
  readonly pid: number
  /** ENOSYS where it was not asked for, because a filter may answer. */
  readonly pidfdErrno: number
  /** It ended while it was looked at. */
  readonly ended: boolean
  readonly procIsOurs: boolean
  /** Errnos of the oracles that were asked; null: not asked. */
  readonly pidfdGetfd: number | null
  readonly vmRead: number | null
  readonly procMem: number | null
  readonly read: number | null
  readonly target: ProcessFacts
  /** The name of the target's tracer; empty where none can be seen. */
  readonly tracerName: string
  /** Null: access was granted, or /proc does not show this PID namespace. */
  readonly closer: CloserLook | null
}

/** Bits of the oracles that work here (`native/examine/examine.h`). */
export const oracleBits = { 'pidfd-getfd': 1, 'vm-read': 2, 'proc-mem': 4, read: 8 } as const

/** A process that is forked to examine. */
export interface Examiner {
  readonly tracer: (typeof tracers)[number]
  readonly user?: UserIds
}

/** Examinations by processes of their own. */
export interface ExamineRequest {
  /** One, or a child and a stranger, for which one fork of this process is enough. */
  readonly tracers: readonly Examiner[]
  readonly oracles: number
  /** For each of them, in milliseconds; at least 1. */
  readonly deadlineMs: number
  /** At most 4096. */
  readonly pids: readonly number[]
}

/** What one of them found. */
export interface ExamineResult {
  /** Why it did not begin; 0 when it did. */
  readonly errno: number
  /** The stranger was adopted by this process, so it is none. */
  readonly isRelated: boolean
  /** Fewer than were asked for when time ran out. */
  readonly results: readonly Examination[]
}

/** What a program gets by its file, besides set-uid (`native/examine/file_privileges.h`). */
export interface FilePrivileges {
  /** Positive; 0 when both could be read. */
  readonly errno: number
  /** The mount ignores set-uid bits and file capabilities. */
  readonly nosuid: boolean
  /** `security.capability`; empty: none. */
  readonly capability: Uint8Array
}

/** The engine: the one thing that lib/ needs of the addon. */
export interface Engine {
  measure(plan: Plan): EngineResult
  measureAsync(plan: Plan): Promise<EngineResult>
  /** With the calling thread's own rights, without forking. */
  examine(pid: number, oracles: number): Examination
  /** One answer a tracer. */
  examineAs(request: ExamineRequest): readonly ExamineResult[]
  examineAsAsync(request: ExamineRequest): Promise<readonly ExamineResult[]>
  /** Null: no such user. */
  lookUpUser(name: string): UserIds | null
  filePrivileges(path: string): FilePrivileges
}

/** An answer, or the system call that kept the work from being started. */
export type MayFail<T> = T & {
  readonly failed?: { readonly syscall: string; readonly errno: number }
}

/** What the addon exports. Its version comes first: a build that is older may have neither. */
export interface Addon {
  readonly abi?: number
  readonly words?: string
  examine(pid: number, oracles: number): Examination
  examineAs(request: ExamineRequest): MayFail<readonly ExamineResult[]>
  examineAsAsync(request: ExamineRequest): Promise<MayFail<readonly ExamineResult[]>>
  measure(plan: Plan): MayFail<RawResult>
  measureAsync(plan: Plan): Promise<MayFail<RawResult>>
  lookUpUser(name: string): UserIds | null
  filePrivileges(path: string): FilePrivileges
}
