import type { Examination, ProcessFacts } from '../engine/index.js'
import type { SelinuxAnswer } from '../machine/index.js'
import {
  type CapabilitySet,
  errnoName,
  hasSysPtrace,
  type Scope,
  type TracerName,
} from '../model/index.js'

/** What is known beside the examination of one process. */
export interface Circumstances {
  readonly tracer: TracerName
  /** The thread group of tracer `self`, which alone can be its target, or an ancestor of it. */
  readonly selfPid: number | null
  readonly controls: TracerControls
  /** The value of kernel.yama.ptrace_scope; null when it cannot be read. */
  readonly scope: Scope | null
  /** Active security modules; null when they cannot be read. */
  readonly lsm: readonly string[] | null
  /** What SELinux says of the two contexts; null where there are none, or it could not be asked. */
  readonly selinux: SelinuxAnswer | null
}

/** What holds for every target of a tracer: what works for it at all. */
export interface TracerControls {
  /** PR_SET_PTRACER is known here, so Yama is active; null when that is filtered. */
  readonly yama: boolean | null
  /** Null: ptrace(2) gets as far as looking for a process. Otherwise what it answers before that. */
  readonly ptrace: { readonly answer: string; readonly filtered: boolean } | null
  /** False: whether ptrace(2) is filtered could not be found out. */
  readonly ptraceKnown: boolean
  /** get_robust_list(2) of oneself works. */
  readonly read: boolean
  /** How many Landlock domains the tracer is in; null when that cannot be told. */
  readonly landlockDomains: number | null
}

/**
 * Whether the kernel grants PTRACE_MODE_ATTACH. A tracer that is refused READ is refused this too.
 * Null when it is not known.
 */
export type Access = 'granted' | 'denied' | 'gone' | null

/**
 * One target before one tracer: the evidence that the rules look at. It is not called `Evidence`,
 * because that is what a verdict shows of it.
 */
export interface Situation {
  readonly examination: Examination
  readonly circumstances: Circumstances
  readonly target: ProcessFacts
  readonly access: Access
  /** READ access, which Yama never refuses; null when it was not asked, or cannot be trusted. */
  readonly read: boolean | null
  readonly self: ProcessFacts
  /** The tracer has CAP_SYS_PTRACE over the target's user namespace; null when it may. */
  readonly capable: boolean | null
  /** Both are in one user namespace; null when that cannot be told. */
  readonly oneNamespace: boolean | null
}

const unread: ProcessFacts = { statErrno: 2, statusErrno: 2 }

/** What an examination says of the target, beside what is known already. */
export function situationOf(examination: Examination, circumstances: Circumstances): Situation {
  const { self = unread, target } = examination
  const read = readOf(examination, circumstances)
  const access = accessOf(examination, circumstances, read)
  const oneNamespace = compareNamespaces(self, target)
  const capable = capableOver(self, oneNamespace, read)
  return { examination, circumstances, target, access, read, self, capable, oneNamespace }
}

/** How each oracle answers when access is granted and when it is refused. */
export const oracles = [
  { field: 'pidfdGetfd', syscall: 'pidfd_getfd', granted: 'EBADF', denied: 'EPERM' },
  { field: 'vmRead', syscall: 'process_vm_readv', granted: 'EFAULT', denied: 'EPERM' },
  { field: 'procMem', syscall: 'open /proc/PID/mem', granted: null, denied: 'EACCES' },
] as const

function errorOf(answer: number): string | null {
  return answer === 0 ? null : errnoName(answer)
}

/** Whether an oracle that was asked says that access is granted. */
export function isGranted(examination: Examination): boolean {
  return oracles.some(({ field, granted }) => {
    const answer = examination[field]
    return answer !== null && errorOf(answer) === granted
  })
}

function accessOf(
  examination: Examination,
  circumstances: Circumstances,
  read: boolean | null,
): Access {
  for (const { field, granted, denied } of oracles) {
    const answer = examination[field]
    if (answer === null) continue
    const error = errorOf(answer)
    if (error === granted) return 'granted'
    if (error === denied) {
      const certain = field !== 'procMem' || isRefusedByPtrace(examination, circumstances, read)
      return certain ? 'denied' : null
    }
    if (error === 'ESRCH') return 'gone'
  }
  return read === false ? 'denied' : null
}

/**
 * Whether it is ptrace's check that refuses to open `/proc/PID/mem`. The mode of the file and the
 * rules of a security module about files may refuse as well, and so does the kernel where the
 * tracer's effective capabilities lack one of the target's.
 */
function isRefusedByPtrace(
  { self = unread, target }: Examination,
  { controls }: Circumstances,
  read: boolean | null,
): boolean {
  if (read === false) return true
  return (
    target.filesUid !== undefined &&
    target.filesUid === self.uids?.[1] &&
    ((target.capPermitted ?? ~0n) & ~(self.capEffective ?? 0n)) === 0n &&
    controls.landlockDomains === 0 &&
    ['', 'unconfined'].includes(self.label ?? '')
  )
}

function readOf({ read }: Examination, { controls, selinux }: Circumstances): boolean | null {
  // SELinux has a permission of its own for READ. Where it refuses that, READ tells nothing about
  // the other rules.
  if (read === null || !controls.read || selinux?.read === false) return null
  if (read === 0) return true
  return errnoName(read) === 'EPERM' ? false : null
}

/** The initial user namespace (PROC_USER_INIT_INO, include/linux/proc_ns.h). */
export const initialUserNamespace = 4026531837

/**
 * The link to a namespace can be read only with READ access; its maps can always be read. Different
 * maps belong to different namespaces; equal maps prove nothing.
 */
function compareNamespaces(self: ProcessFacts, target: ProcessFacts): boolean | null {
  if (self.userNamespace && target.userNamespace) {
    return self.userNamespace === target.userNamespace
  }
  const differ = (['uidMap', 'projidMap'] as const).some((map) => {
    const read = self[`${map}Errno`] === 0 && target[`${map}Errno`] === 0
    return read && self[map] !== target[map]
  })
  return differ ? false : null
}

/** Capabilities count in the user namespace that they are held in and below (user_namespaces(7)). */
function capableOver(
  self: ProcessFacts,
  oneNamespace: boolean | null,
  read: boolean | null,
): boolean | null {
  // READ access to another user namespace takes the capability over it.
  if (oneNamespace === false && read === true) return true
  const effective: CapabilitySet | undefined = self.capEffective
  if (effective === undefined) return null
  if (hasSysPtrace(effective)) {
    if (self.userNamespace === initialUserNamespace || oneNamespace === true) return true
    return null
  }
  // The creator of a namespace has every capability over it without holding one (see
  // user_namespaces(7)), and /proc does not show who that is.
  return oneNamespace === false ? null : false
}
