import { oracleBit } from '../engine/index.js'
import type { AccessMethod } from '../model/index.js'

/** The calls that have a control of their own. */
export type Call = Exclude<AccessMethod, 'read'>

interface MethodRow {
  /** The call, as sentences name it. */
  readonly call: string
  /** What it does to a target, after "may". */
  readonly does: (target: string) => string
  /**
   * It makes the tracer a tracer: of another process than itself, and of one that has no tracer
   * (kernel/ptrace.c, ptrace_attach()).
   */
  readonly traces: boolean
  /** It needs the memory of the target, and threads of the kernel have none. */
  readonly needsMemory: boolean
  /** What is asked, of what works here: where it is an oracle itself, no other one. */
  readonly asks: (works: number) => number
  /** Another oracle can tell that a filter refused, and not the kernel. */
  readonly isConfirmable: boolean
}

/** READ access, for contrast, and at most one oracle. */
const only =
  (bit = 0) =>
  (works: number): number =>
    works & (bit | oracleBit('read'))

const tracing = {
  traces: true,
  needsMemory: false,
  asks: (works: number): number => works,
  isConfirmable: true,
}
const reading = { traces: false, needsMemory: true, isConfirmable: true }

/** THE table of methods, as the preflight asks about them. */
export const methodRows: Readonly<Record<AccessMethod, MethodRow>> = {
  attach: { ...tracing, call: 'PTRACE_ATTACH', does: (target) => `attach to ${target}` },
  seize: {
    ...tracing,
    call: 'PTRACE_SEIZE',
    does: (target) => `attach to ${target} with PTRACE_SEIZE`,
  },
  'vm-read': {
    ...reading,
    call: 'process_vm_readv',
    does: (target) => `read the memory of ${target} with process_vm_readv`,
    asks: only(oracleBit('vm-read')),
  },
  'proc-mem': {
    ...reading,
    call: '/proc/PID/mem',
    does: (target) => `read the memory of ${target} through /proc/PID/mem`,
    asks: (works) => only(oracleBit('proc-mem'))(works) | oracleBit('proc-mem-itself'),
    // The file may have reasons of its own.
    isConfirmable: false,
  },
  'pidfd-getfd': {
    ...reading,
    needsMemory: false,
    call: 'pidfd_getfd',
    does: (target) => `take descriptors of ${target} with pidfd_getfd`,
    asks: only(oracleBit('pidfd-getfd')),
  },
  read: {
    ...reading,
    needsMemory: false,
    call: 'PTRACE_MODE_READ',
    does: (target) => `look into ${target} as perf and /proc/PID/maps do (PTRACE_MODE_READ)`,
    asks: only(),
    isConfirmable: false,
  },
}

/** The other request that attaches. */
export const otherRequest = { attach: 'seize', seize: 'attach' } as const
