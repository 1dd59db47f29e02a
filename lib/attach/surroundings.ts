import { type CloserLook, commandForRoot, type Status } from '../engine/index.js'
import { groupOf, type Place, userOfProcess } from '../machine/index.js'
import { hasSysPtrace, maySwitchUser } from '../model/index.js'
import type { Situation } from './evidence.js'
import { deniesPtrace } from './rules/labels.js'

/** What decides whether a remedy can be applied where the tracer is. */
export interface Surroundings extends Omit<Place, 'lsm'> {
  /** The tracer has CAP_SYS_PTRACE in its effective set. */
  readonly capable: boolean
  /** SELinux does not let it use that capability. */
  readonly withheld: boolean
  /**
   * Root would be refused as well, although nothing that can be seen refuses it; null where root did
   * not ask.
   */
  readonly rootRefused: boolean | null
  /** SELinux's boolean denies ptrace on the whole machine. */
  readonly denyPtrace: boolean
  /** The one user and the one group that the target runs as; null where it has several. */
  readonly owner: { readonly uid: number; readonly gid: number } | null
  /** The real uid of the tracer; null where it could not be read. */
  readonly tracerUid: number | null
  /** The tracer has the capabilities to become that user. */
  readonly maySwitch: boolean
  /** The target differs by its group alone, and the tracer's user belongs to that group: its name. */
  readonly group: string | null
  /** The target's parent is a shell of the target's user. */
  readonly inShell: boolean
  /** How root starts the command of this package. */
  readonly command: string
  /** The target lives in the initial user namespace, and so outside of every other one. */
  readonly targetOutside: boolean
}

/** What is around a tracer that is refused this target. */
export function surroundingsOf(
  { self, target, withheld, circumstances, examination: { closer } }: Situation,
  place: Place,
  rootRefused: boolean | null,
): Surroundings {
  const held = self.status?.capEffective ?? 0n
  const owner = target.status === null ? null : soleOwner(target.status)
  const tracer = self.status === null ? null : soleOwner(self.status)
  const isOfGroup =
    owner !== null && tracer !== null && owner.uid === tracer.uid && owner.gid !== tracer.gid
  return {
    ...place,
    capable: hasSysPtrace(held),
    withheld,
    denyPtrace: deniesPtrace(circumstances),
    rootRefused,
    owner,
    tracerUid: self.status?.uids[0] ?? null,
    maySwitch: maySwitchUser(held),
    group: isOfGroup ? groupOf(owner.uid, owner.gid) : null,
    command: commandForRoot(),
    inShell: owner !== null && isShellOf(owner.uid, closer),
    targetOutside: target.uidMap !== null && isInitialMap(target.uidMap),
  }
}

/** The one user and the one group; null where there are several. */
function soleOwner({ uids, gids }: Status): Surroundings['owner'] {
  const [uid, gid] = [uids[0], gids[0]]
  const isOne = uids.every((id) => id === uid) && gids.every((id) => id === gid)
  return isOne ? { uid, gid } : null
}

/** Names of shells that start what is typed, by proc_pid_comm(5). */
const shells: readonly string[] = [
  'ash',
  'bash',
  'busybox',
  'dash',
  'fish',
  'ksh',
  'mksh',
  'sh',
  'zsh',
]

function isShellOf(uid: number, closer: CloserLook | null): boolean {
  const [parent] = closer?.ancestors ?? []
  return parent !== undefined && shells.includes(parent.name) && userOfProcess(parent.pid) === uid
}

/** The initial user namespace maps every id (user_namespaces(7)). */
function isInitialMap(map: string): boolean {
  const [inside, , length] = map.trim().split(/\s+/)
  return inside === '0' && length === '4294967295'
}
