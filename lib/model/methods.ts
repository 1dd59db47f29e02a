import { keysOf } from './tables.js'

interface MethodRow {
  /** The system call that it tries. */
  readonly syscall: string
  /** Controls of that system call. Where all of them fail, a refusal says nothing of the target. */
  readonly controls: readonly string[]
  /** It asks the kernel for PTRACE_MODE_ATTACH. */
  readonly asksAttach: boolean
  /** The error of a refusal unless something special refuses. */
  readonly refusal: 'EPERM' | 'EACCES'
  /** What a test needs that uses it, before ` of TARGET`. */
  readonly phrase: string
}

/** One row a method, in the order of the engine: all that is said of it. */
export const methodRows = {
  attach: {
    syscall: 'ptrace',
    controls: ['control/attach'],
    asksAttach: true,
    refusal: 'EPERM',
    phrase: 'ptrace',
  },
  seize: {
    syscall: 'ptrace',
    controls: ['control/seize'],
    asksAttach: true,
    refusal: 'EPERM',
    phrase: 'ptrace (PTRACE_SEIZE)',
  },
  traceme: {
    syscall: 'ptrace',
    // No target is looked up, so it has no control of its own: those of the same call stand for it.
    controls: ['control/attach', 'control/seize'],
    asksAttach: false,
    refusal: 'EPERM',
    phrase: 'ptrace (PTRACE_TRACEME)',
  },
  'vm-read': {
    syscall: 'process_vm_readv',
    controls: ['control/vm-read'],
    asksAttach: true,
    refusal: 'EPERM',
    phrase: 'process_vm_readv',
  },
  'proc-mem': {
    syscall: 'openat',
    controls: ['control/proc-mem'],
    asksAttach: true,
    refusal: 'EACCES',
    phrase: '/proc/PID/mem',
  },
  'pidfd-getfd': {
    syscall: 'pidfd_getfd',
    controls: ['control/pidfd-getfd'],
    asksAttach: true,
    refusal: 'EPERM',
    phrase: 'pidfd_getfd',
  },
} as const satisfies Readonly<Record<string, MethodRow>>

/**
 * How the tracer tries to get at the target: `PTRACE_ATTACH`, `PTRACE_SEIZE`, the target's own
 * `PTRACE_TRACEME` (ptrace(2)), process_vm_readv(2), `/proc/PID/mem` (proc_pid_mem(5)) or
 * pidfd_getfd(2). All but `traceme` ask the kernel for the same access, `PTRACE_MODE_ATTACH`.
 */
export type Method = keyof typeof methodRows

/** Every method. */
export const methods = keysOf(methodRows)
