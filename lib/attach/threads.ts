import type { Examination, Threads } from '../engine/index.js'
import type { Cause } from '../model/index.js'
import { findCauses } from './causes.js'
import { type Circumstances, type Situation, situationOf } from './evidence.js'

/** A thread that has ended while it was looked at keeps no debugger away. */
const passing: readonly Cause['id'][] = ['no-such-process', 'zombie']

/** What the threads of a process beside the first one say of it. */
export interface ThreadsSaid {
  /** Why one of them is refused, with its number. */
  readonly causes: readonly Cause[]
  /** Why it is not known whether all of them may be attached to, as a clause; null: it is known. */
  readonly doubt: string | null
  /** An attach may wait for ever, whatever would be granted. */
  readonly mayHang: boolean
}

const nothing: ThreadsSaid = { causes: [], doubt: null, mayHang: false }

/**
 * What the other threads of the target say. A tracer attaches to threads (ptrace(2)). A debugger that
 * wants the process, such as gdb, attaches to each of them with PTRACE_ATTACH; strace -p seizes the
 * one that it is told.
 */
export function askThreads({ examination, access }: Situation, around: Circumstances): ThreadsSaid {
  const { threads } = examination
  const doubt = around.method === 'attach' ? vforkDoubt(examination) : null
  // READ access takes no lock, and reading the memory needs one thread only.
  if (threads === null || around.method === 'read') return { ...nothing, doubt }
  const { suspect } = threads
  if (mayBeExecuting(threads)) {
    const doubt = `its thread ${threads.unreaped} has ended and its tracer has not taken notice; if it executes a program, that has to wait for the tracer, and so does an attach`
    return { causes: [], doubt, mayHang: true }
  }
  if (around.method !== 'attach') return nothing
  if (suspect !== null) {
    const situation = situationOf(suspect, around)
    const found = findCauses(situation).causes
    const causes = found.flatMap((cause) =>
      passing.includes(cause.id) ? [] : [ofThread(suspect.pid, cause)],
    )
    // A thread that is passing is no reason to doubt, and neither is one that is granted.
    const isOpen = found.length === 0 && situation.access !== 'granted' && access === 'granted'
    return { causes, doubt: isOpen ? doubtAbout(suspect.pid, situation) : doubt, mayHang: false }
  }
  const unseen = threads.isComplete
    ? null
    : `of its other threads only ${threads.lookedAt} were looked at`
  return { causes: [], doubt: doubt ?? unseen, mayHang: false }
}

/**
 * A thread that waits for a child of vfork(2) stops for no signal (kernel/fork.c,
 * wait_for_vfork_done()): PTRACE_ATTACH succeeds, and the stop that gdb waits for does not come
 * before the child executes a program or ends. PTRACE_SEIZE needs no stop.
 */
export function vforkDoubt({ inVfork, threads }: Examination): string | null {
  const thread = threads?.inVfork ?? 0
  const who = inVfork ? 'it' : thread === 0 ? null : `its thread ${thread}`
  return who === null
    ? null
    : `${who} waits for a child of vfork(2), and until that executes a program or ends, an attach is granted and does not stop it`
}

function doubtAbout(thread: number, { access }: Situation): string {
  return access === 'denied'
    ? `its thread ${thread} is refused, and no rule that can be seen explains it`
    : `no oracle tells whether its thread ${thread} is refused`
}

/**
 * An execve(2) of a process with threads waits until the others are gone, and one that has a tracer
 * is gone only when the tracer has waited for it (fs/exec.c, de_thread()). Until then a lock is held
 * that every attach needs (kernel/ptrace.c, cred_guard_mutex). Nothing in /proc shows the lock itself.
 */
function mayBeExecuting({ unreaped, isWaiting }: Threads): boolean {
  return unreaped !== 0 && isWaiting
}

function ofThread(thread: number, cause: Cause): Cause {
  return { ...cause, thread, message: `its thread ${thread} is refused, because ${cause.message}` }
}
