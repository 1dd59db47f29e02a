import type { ControlName } from './controls.js'
import { keysOf } from './tables.js'

interface MethodRow {
  /** The system call that it tries. */
  readonly syscall: string
  /** Controls of that system call. Where all of them fail, a refusal says nothing of the target. */
  readonly controls: readonly `control/${ControlName}`[]
  /**
   * Its rank among the methods that ask the kernel for PTRACE_MODE_ATTACH: which of them evidence
   * names first. Null: it asks for something else.
   */
  readonly attachRank: number | null
  /** Its place among the columns of the report. */
  readonly column: number
  /** The error of a refusal unless something special refuses. */
  readonly refusal: 'EPERM' | 'EACCES'
  /** What a test needs that uses it, before ` of TARGET`. */
  readonly phrase: string
  /** What it is. */
  readonly about: string
  /** Real tools that use it, the best known first. */
  readonly usedBy: readonly string[]
}

/** One row a method, in the order of the engine: all that is said of it. */
export const methodRows = {
  attach: {
    syscall: 'ptrace',
    controls: ['control/attach'],
    attachRank: 2,
    column: 1,
    refusal: 'EPERM',
    phrase: 'ptrace',
    about: '`PTRACE_ATTACH` (ptrace(2))',
    usedBy: ['gdb', 'eu-stack', 'ltrace', 'delve'],
  },
  seize: {
    syscall: 'ptrace',
    controls: ['control/seize'],
    attachRank: 1,
    column: 2,
    refusal: 'EPERM',
    phrase: 'ptrace (PTRACE_SEIZE)',
    about: '`PTRACE_SEIZE` (ptrace(2))',
    usedBy: ['strace', 'CRIU'],
  },
  traceme: {
    syscall: 'ptrace',
    // No target is looked up, so it has no control of its own: those of the same call stand for it.
    controls: ['control/attach', 'control/seize'],
    attachRank: null,
    column: 3,
    refusal: 'EPERM',
    phrase: 'ptrace (PTRACE_TRACEME)',
    about: "the target's own `PTRACE_TRACEME` (ptrace(2))",
    usedBy: ['gdb', 'strace'],
  },
  'vm-read': {
    syscall: 'process_vm_readv',
    controls: ['control/vm-read'],
    attachRank: 4,
    column: 4,
    refusal: 'EPERM',
    phrase: 'process_vm_readv',
    about: 'process_vm_readv(2)',
    usedBy: ['py-spy', 'austin'],
  },
  'proc-mem': {
    syscall: 'openat',
    controls: ['control/proc-mem'],
    attachRank: 5,
    column: 6,
    refusal: 'EACCES',
    phrase: '/proc/PID/mem',
    about: 'opening and reading `/proc/PID/mem` (proc_pid_mem(5))',
    usedBy: ['scanmem'],
  },
  'pidfd-getfd': {
    syscall: 'pidfd_getfd',
    controls: ['control/pidfd-getfd'],
    attachRank: 3,
    column: 5,
    refusal: 'EPERM',
    phrase: 'pidfd_getfd',
    about: 'pidfd_getfd(2)',
    usedBy: [],
  },
} as const satisfies Readonly<Record<string, MethodRow>>

/** How the tracer tries to get at the target. All but `traceme` ask for `PTRACE_MODE_ATTACH`. */
export type Method = keyof typeof methodRows

/** Every method. */
export const methods = keysOf(methodRows)

/** Those that ask the kernel for PTRACE_MODE_ATTACH, by rank. All of them stand for one another. */
export const attachMethods = methods
  .flatMap((method) => {
    const { attachRank } = methodRows[method]
    return attachRank === null ? [] : [{ method, attachRank }]
  })
  .sort((a, b) => a.attachRank - b.attachRank)
  .map(({ method }) => method)

/**
 * The way to a target that can be asked about: every {@link Method} that is the tracer's own
 * (`traceme` is the target's), or `read`: READ access alone, `PTRACE_MODE_READ`, which perf and
 * `/proc/PID/maps` take.
 */
export type AccessMethod = Exclude<Method, 'traceme'> | 'read'

const { traceme: _, ...ownMethods } = methodRows

/** One row a way: what is said of it. */
export const accessRows: Readonly<Record<AccessMethod, Pick<MethodRow, 'about' | 'usedBy'>>> = {
  ...ownMethods,
  read: {
    about: 'READ access alone, which Yama never refuses',
    usedBy: ['perf', '`/proc/PID/maps`'],
  },
}

/** Every way. */
export const accessMethods = keysOf(accessRows)
