/** An examination: what is asked and read of processes that are not ours (`native/examine`). */

import type { UserIds } from './measurement.js'
import type { tracers } from './words.js'

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

/** What /proc shows of a process (`native/examine/facts.h`). */
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
  /** It waits for a child of vfork(2); false where access was refused. */
  readonly inVfork: boolean
  /** Null: it has no others, or it is one of them itself. */
  readonly threads: Threads | null
}

/** The threads of a process beside the first one (`native/examine/examine.h`). */
export interface Threads {
  /** Every one of them was looked at. */
  readonly isComplete: boolean
  readonly lookedAt: number
  /** The first that may be refused although the first thread is not. */
  readonly suspect: Examination | null
  /** The number of the first that has ended, which only its tracer keeps; 0: none. */
  readonly unreaped: number
  /** The number of the first that waits for a child of vfork(2); 0: none. */
  readonly inVfork: number
  /** Those that live are all in a sleep that no signal but SIGKILL ends. */
  readonly isWaiting: boolean
}

/** A process that is forked to examine. */
export interface Examiner {
  readonly tracer: (typeof tracers)[number]
  readonly user?: UserIds
}

/** Examinations by processes of their own. */
export interface ExamineRequest {
  /** One, or a child and a stranger, for which one fork of this process is enough. */
  readonly tracers: readonly Examiner[]
  /** They keep no ambient capabilities, as a program whose file has capabilities or changes ids. */
  readonly clearsAmbient: boolean
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
  /** Of the calling thread (capabilities(7)). */
  readonly securebits: number
  /** The mount ignores set-uid bits and file capabilities. */
  readonly nosuid: boolean
  /** `security.selinux`; empty: none. */
  readonly label: string
  /** `security.capability`; empty: none. */
  readonly capability: Uint8Array
}
