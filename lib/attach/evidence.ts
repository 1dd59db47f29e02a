import {
  type Details,
  type Examination,
  type Owners,
  type ProcessFacts,
  type Stat,
  type Status,
  type Unread,
  wasRead,
} from '../engine/index.js'
import type { SelinuxAnswer, StandIn } from '../machine/index.js'
import {
  type AccessMethod,
  type Evidence,
  errnoName,
  hasSysPtrace,
  type Scope,
  type TracerName,
} from '../model/index.js'
import { oracles } from './oracles.js'

/** What is known beside the examination of one process. */
export interface Circumstances {
  readonly tracer: TracerName
  readonly method: AccessMethod
  /** The thread group of tracer `self`, which alone can be its target, or an ancestor of it. */
  readonly selfPid: number | null
  readonly controls: TracerControls
  /** The value of kernel.yama.ptrace_scope; null when it cannot be found out. */
  readonly scope: Scope | null
  /** Whether the kernel's file says so, or what our own processes may do to one another. */
  readonly scopeFrom: 'file' | 'behaviour'
  /** Active security modules; null when they cannot be read. */
  readonly lsm: readonly string[] | null
  /** What SELinux says of the two contexts; null where there are none, or it could not be asked. */
  readonly selinux: SelinuxAnswer | null
  /** What other oracles answered that grant what the first one refused; null: none did. */
  readonly contradiction: readonly Evidence[] | null
}

/**
 * How a call answers that names no target: it works where it gets as far as looking for a process,
 * and otherwise has an answer before that. Null: that could not be found out.
 */
export type CallAnswer =
  | { readonly works: true }
  | { readonly works: false; readonly answer: string }
  | { readonly works: null }

/** What holds for every target of a tracer: what works for it at all. */
export interface TracerControls {
  /** PR_SET_PTRACER is known here, so Yama is active; null when that is filtered. */
  readonly yama: boolean | null
  /** The call of the method. */
  readonly call: CallAnswer
  /** The other request of ptrace(2) that attaches; null where the method is none of the two. */
  readonly other: CallAnswer | null
  /** A seccomp filter may answer. */
  readonly filtered: boolean
  /** What may answer in the place of the kernel; null: nothing shows. */
  readonly standIn: StandIn | null
  /** get_robust_list(2) of oneself works. */
  readonly read: boolean
  /** How many Landlock domains the tracer is in; null when that cannot be told. */
  readonly landlockDomains: number | null
}

/**
 * Whether the kernel grants what the method asks for: PTRACE_MODE_ATTACH, or READ alone. A tracer
 * that is refused READ is refused ATTACH too. Null when it is not known.
 */
export type Access = 'granted' | 'denied' | 'gone' | null

/** What could be read of a process; null: it could not be, or no closer look was taken. */
export interface Seen {
  readonly stat: Stat | null
  readonly status: Status | null
  readonly owners: Owners | null
  /** The inode of its user namespace. */
  readonly userNamespace: number | null
  readonly uidMap: string | null
  readonly projidMap: string | null
  readonly label: string | null
}

/**
 * One target before one tracer: the evidence that the rules look at. It is not called `Evidence`,
 * because that is what a verdict shows of it.
 */
export interface Situation {
  readonly examination: Examination
  readonly circumstances: Circumstances
  readonly target: Seen
  readonly access: Access
  /** READ access, which Yama never refuses; null when it was not asked, or cannot be trusted. */
  readonly read: boolean | null
  readonly self: Seen
  /** The tracer has CAP_SYS_PTRACE over the target's user namespace; null when it may. */
  readonly capable: boolean | null
  /** It holds the capability, but SELinux does not let it use it. */
  readonly withheld: boolean
  /** Both are in one user namespace; null when that cannot be told. */
  readonly oneNamespace: boolean | null
}

/** What an examination says of the target, beside what is known already. */
export function situationOf(examination: Examination, circumstances: Circumstances): Situation {
  const { closer } = examination
  const target = seen(examination.target, closer?.target)
  const self = seen(closer?.self, closer?.selfDetails)
  const read = readOf(examination, circumstances)
  const isRefused = read === false || isRefusedByPtrace(self, target, circumstances)
  const access = accessOf(examination, isRefused, read, circumstances)
  const oneNamespace = compareNamespaces(self, target)
  const held = capableOver(self, oneNamespace, read)
  // Over another namespace the class of the permission is that of the target's.
  const withheld = held !== false && isWithheld(self, target, circumstances)
  const capable = withheld ? false : held
  return { examination, circumstances, target, access, read, self, capable, withheld, oneNamespace }
}

function seen(facts: ProcessFacts | undefined, details: Details | undefined): Seen {
  return {
    stat: orNull(facts?.stat),
    status: orNull(facts?.status),
    owners: orNull(details?.owners),
    userNamespace: orNull(details?.userNamespace),
    uidMap: orNull(details?.uidMap),
    projidMap: orNull(details?.projidMap),
    label: orNull(details?.label),
  }
}

function orNull<Facts>(facts: Facts | Unread | undefined): Facts | null {
  return facts !== undefined && wasRead<Facts>(facts) ? facts : null
}

function errorOf(answer: number): string | null {
  return answer === 0 ? null : errnoName(answer)
}

function accessOf(
  examination: Examination,
  isRefused: boolean,
  read: boolean | null,
  { method, controls }: Circumstances,
): Access {
  if (method === 'read') return controls.read ? readAccessOf(examination) : null
  for (const { field, granted, denied } of oracles) {
    const answer = examination[field]
    if (answer === null) continue
    const error = errorOf(answer)
    if (error === granted) return 'granted'
    if (error === denied) {
      // The file may have reasons of its own, which count where it is the file that is wanted.
      return field !== 'procMem' || method === 'proc-mem' || isRefused ? 'denied' : null
    }
    if (error === 'ESRCH') return 'gone'
  }
  return read === false ? 'denied' : null
}

function readAccessOf({ read }: Examination): Access {
  if (read === null) return null
  if (read === 0) return 'granted'
  return errnoName(read) === 'EPERM' ? 'denied' : null
}

/**
 * Whether it is ptrace's check that refuses to open `/proc/PID/mem`. The mode of the file and the
 * rules of a security module about files may refuse as well, and so does the kernel where the
 * tracer's effective capabilities lack one of the target's.
 */
function isRefusedByPtrace(self: Seen, target: Seen, { controls }: Circumstances): boolean {
  if (self.status === null || target.status === null || target.owners === null) return false
  return (
    target.owners.filesUid === self.status.uids[1] &&
    (target.status.capPermitted & ~self.status.capEffective) === 0n &&
    controls.landlockDomains === 0 &&
    (self.label === null || ['', 'unconfined'].includes(self.label))
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
function compareNamespaces(self: Seen, target: Seen): boolean | null {
  if (self.userNamespace !== null && target.userNamespace !== null) {
    return self.userNamespace === target.userNamespace
  }
  const differ = (['uidMap', 'projidMap'] as const).some((map) => {
    return self[map] !== null && target[map] !== null && self[map] !== target[map]
  })
  return differ ? false : null
}

/** SELinux is asked whenever a capability is used, and may say no (security/selinux/hooks.c, cred_has_capability()). */
function isWithheld(self: Seen, target: Seen, { selinux }: Circumstances): boolean {
  if (selinux === null || self.status === null || !hasSysPtrace(self.status.capEffective)) {
    return false
  }
  const namespace = target.userNamespace ?? self.userNamespace
  return !selinux.capability[namespace === initialUserNamespace ? 'initial' : 'child']
}

/** Capabilities count in the user namespace that they are held in and below (user_namespaces(7)). */
export function capableOver(
  self: Seen,
  oneNamespace: boolean | null,
  read: boolean | null,
): boolean | null {
  // READ access to another user namespace takes the capability over it.
  if (oneNamespace === false && read === true) return true
  if (self.status === null) return null
  if (hasSysPtrace(self.status.capEffective)) {
    if (self.userNamespace === initialUserNamespace || oneNamespace === true) return true
    return null
  }
  // The creator of a namespace has every capability over it without holding one (see
  // user_namespaces(7)), and /proc does not show who that is.
  return oneNamespace === false ? null : false
}
