import { keysOf } from './tables.js'

interface ControlRow {
  /** The system call that it makes, on no target but itself. */
  readonly syscall: string
  /** Its error where nothing filters it; null: it succeeds. */
  readonly unfiltered: string | null
}

/** One row a control, in the order of the engine: all that is said of it. */
export const controlRows = {
  yama: { syscall: 'prctl', unfiltered: null },
  attach: { syscall: 'ptrace', unfiltered: 'ESRCH' },
  seize: { syscall: 'ptrace', unfiltered: 'ESRCH' },
  'vm-read': { syscall: 'process_vm_readv', unfiltered: 'EFAULT' },
  'proc-mem': { syscall: 'openat', unfiltered: null },
  'pidfd-getfd': { syscall: 'pidfd_getfd', unfiltered: 'EBADF' },
  read: { syscall: 'get_robust_list', unfiltered: null },
} as const satisfies Readonly<Record<string, ControlRow>>

/** A system call whose answer is known on an unconfined machine. */
export type ControlName = keyof typeof controlRows

/** Every control. */
export const controlNames = keysOf(controlRows)
