import {
  type Cause,
  type CauseId,
  capabilityNames,
  type Evidence,
  hasSysPtrace,
} from '../../model/index.js'
import { initialUserNamespace, type Situation } from '../evidence.js'
import { moduleMayRefuse } from './labels.js'
import { because, list, type Rule } from './rule.js'

const idKinds = ['real', 'effective', 'saved'] as const

/** The target's ids that are not `own`, in words: all three are one where they are equal. */
function idsBeside(name: string, ids: readonly number[], own: number): string[] {
  if (ids.every((id) => id === ids[0])) return ids[0] === own ? [] : [`${name} is ${ids[0]}`]
  return idKinds.flatMap((kind, i) => (ids[i] === own ? [] : [`${kind} ${name} is ${ids[i]}`]))
}

/** PF_EXITING (include/linux/sched.h): without memory, which the flag belongs to. */
const exitingFlag = 0x4

function isNotDumpable({ target }: Situation): boolean {
  const { owners, stat } = target
  const isWithoutMemory = stat !== null && (stat.state === 'Z' || (stat.flags & exitingFlag) !== 0)
  return owners !== null && owners.directoryUid !== owners.filesUid && !isWithoutMemory
}

/** The files of what is not dumpable belong to root: those of root tell nothing. */
export function mayNotBeDumpable({ target: { owners } }: Situation): boolean {
  return owners === null || owners.filesUid === 0
}

/**
 * What counts is the namespace in which the target was executed. It may be further out than the one
 * that it lives in, and then its root, to whom the files belong, is not the tracer's.
 */
function capableOverMemory({ self, target, capable }: Situation): boolean | null {
  const isOurs = self.userNamespace === initialUserNamespace || target.owners?.filesUid === 0
  return capable === true && !isOurs ? false : capable
}

/** In a map, the id of whoever is outside of the reader's own namespace. */
const unmapped = '4294967295'

/**
 * Whoever made a namespace has every capability over it, and that cannot be seen. A target in it
 * that is not dumpable is refused to its maker all the same, unless it was executed there.
 */
export function mayHaveMadeNamespace(situation: Situation): boolean {
  const { self, target, capable } = situation
  if (self.status === null || target.status === null) return false
  const [uid] = self.status.uids
  const [gid] = self.status.gids
  return (
    situation.oneNamespace === false &&
    capable === null &&
    !hasSysPtrace(self.status.capEffective) &&
    isNotDumpable(situation) &&
    target.status.uids.every((id) => id === uid) &&
    target.status.gids.every((id) => id === gid) &&
    target.uidMap?.trim().split(/\s+/)[1] !== unmapped
  )
}

const owner: Rule = (situation) => {
  const { self, target } = situation
  if (self.status === null || target.status === null) return null
  const { uids, gids } = target.status
  const [uid] = self.status.uids
  const [gid] = self.status.gids
  const differing = [...idsBeside('uid', uids, uid), ...idsBeside('gid', gids, gid)]
  if (differing.length === 0) return null
  return credential(
    situation,
    'owner',
    `its ${list(differing)}, but the tracer has uid ${uid} and gid ${gid}`,
    [{ source: '/proc/PID/status Uid, Gid', result: `${uids.join(' ')}, ${gids.join(' ')}` }],
  )
}

const notDumpable: Rule = (situation) => {
  const { owners } = situation.target
  if (owners === null || !isNotDumpable(situation)) return null
  return credential(
    { ...situation, capable: capableOverMemory(situation) },
    'not-dumpable',
    'it is not dumpable (it changed its ids, has file capabilities, cannot be read, or asked for it)',
    [
      {
        source: 'owners of /proc/PID and /proc/PID/stat',
        result: `${owners.directoryUid}, ${owners.filesUid}`,
      },
    ],
  )
}

const capabilities: Rule = (situation) => {
  const { self, target, oneNamespace } = situation
  if (self.status === null || target.status === null) return null
  const missing = target.status.capPermitted & ~self.status.capPermitted
  if (missing === 0n || oneNamespace === false) return null
  return credential(
    situation,
    'capabilities',
    `it holds ${list(capabilityNames(missing))}, which the tracer does not`,
    [{ source: '/proc/PID/status CapPrm', result: target.status.capPermitted.toString(16) }],
  )
}

const userNamespace: Rule = (situation) => {
  if (situation.oneNamespace !== false || mayHaveMadeNamespace(situation)) return null
  const { uidMap } = situation.target
  return credential(
    situation,
    'user-namespace',
    'it lives in another user namespace, over which the tracer has no CAP_SYS_PTRACE',
    uidMap === null
      ? []
      : [{ source: '/proc/PID/uid_map', result: uidMap.trim().replace(/\s+/g, ' ') }],
  )
}

function credential(
  situation: Situation,
  id: CauseId,
  message: string,
  evidence: readonly Evidence[],
): Cause | null {
  const { access, read, capable } = situation
  // Where READ is granted, no rule about credentials refuses.
  if (access !== 'denied' || read === true || capable === true) return null
  // Whoever owns the target's namespace has every capability over it, and ownership cannot be seen:
  // then it takes the absence of any other suspect to blame credentials.
  if (capable === null && moduleMayRefuse(situation)) return null
  return because(id, read === false ? 'proved' : 'inferred', message, evidence)
}

/**
 * Rules about credentials: for READ and ATTACH alike, and lifted by CAP_SYS_PTRACE over the
 * target's user namespace (ptrace(2), "Ptrace access mode checking", steps 3 to 5).
 */
export const credentialRules: readonly Rule[] = [owner, notDumpable, capabilities, userNamespace]
