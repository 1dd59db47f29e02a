import {
  type Cause,
  type CauseId,
  capabilityNames,
  type Evidence,
  hasCapability,
  hasSysPtrace,
  list,
} from '../../model/index.js'
import { initialUserNamespace, type Situation } from '../evidence.js'
import { moduleMayRefuse } from './labels.js'
import { because, type Rule, withheldEvidence, withheldWords } from './rule.js'

const idKinds = ['real', 'effective', 'saved'] as const

/** The target's ids that are not `own`, in words: all three are one where they are equal. */
function idsBeside(name: string, ids: readonly number[], own: number): string[] {
  if (ids.every((id) => id === ids[0])) return ids[0] === own ? [] : [`${name} is ${ids[0]}`]
  return idKinds.flatMap((kind, i) => (ids[i] === own ? [] : [`${kind} ${name} is ${ids[i]}`]))
}

/** PF_EXITING (include/linux/sched.h): such a process has no memory, to which the dumpable flag belongs. */
const exitingFlag = 0x4

export function isNotDumpable({ target }: Situation): boolean {
  const { owners, stat } = target
  const isWithoutMemory = stat !== null && (stat.state === 'Z' || (stat.flags & exitingFlag) !== 0)
  return owners !== null && owners.directoryUid !== owners.filesUid && !isWithoutMemory
}

/**
 * The files in /proc of a process that is not dumpable belong to root. Where they do, the process may
 * also be one of root's.
 */
export function mayNotBeDumpable({ target: { owners } }: Situation): boolean {
  return owners === null || owners.filesUid === 0
}

/**
 * The capability must hold over the user namespace in which the target was executed, which may be an
 * ancestor of the one that it lives in. The files then belong to another root than the tracer's.
 */
function capableOverMemory({ self, target, capable }: Situation): boolean | null {
  const isOurs = self.userNamespace === initialUserNamespace || target.owners?.filesUid === 0
  return capable === true && !isOurs ? false : capable
}

/** In a map, an id that has no number in the reader's own namespace. */
const unmapped = '4294967295'

/**
 * The creator of a user namespace has every capability over it, and /proc does not show who that is.
 * Even the creator may not attach to a non-dumpable process inside, unless that was executed there.
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

export const owner: Rule = (situation) => {
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

/**
 * The file `/proc/PID/mem` has an owner and a mode as others have (path_resolution(7)), so that
 * CAP_SYS_PTRACE alone does not open it.
 */
export const fileOwner: Rule = ({ access, capable, circumstances: { method }, self, target }) => {
  if (method !== 'proc-mem' || access !== 'denied' || capable !== true) return null
  if (self.status === null || target.owners === null) return null
  const { filesUid } = target.owners
  const { uids, capEffective } = self.status
  const opens = (['DAC_OVERRIDE', 'DAC_READ_SEARCH'] as const).some((name) =>
    hasCapability(capEffective, name),
  )
  if (opens || filesUid === uids[1]) return null
  return because(
    'owner',
    'proved',
    `its file /proc/PID/mem belongs to uid ${filesUid}, and the tracer, which has uid ${uids[1]}, lacks CAP_DAC_OVERRIDE`,
    [{ source: 'owner of /proc/PID/stat', result: String(filesUid) }],
  )
}

export const notDumpable: Rule = (situation) => {
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

export const capabilities: Rule = (situation) => {
  const { self, target, oneNamespace } = situation
  if (self.status === null || target.status === null) return null
  const missing = target.status.capPermitted & ~self.status.capPermitted
  if (missing === 0n || oneNamespace === false) return null
  const names = capabilityNames(missing)
  return credential(situation, 'capabilities', `it holds ${holding(names)}`, [
    { source: '/proc/PID/status CapPrm', result: target.status.capPermitted.toString(16) },
    { source: 'capabilities that the tracer lacks', result: names.join(', ') },
  ])
}

/** A full set has more than forty; the evidence has them all. */
function holding(names: readonly string[]): string {
  if (names.length <= 3) return `${list(names)}, which the tracer does not`
  return `${names.length} capabilities that the tracer lacks (${names.slice(0, 2).join(', ')}, ...)`
}

export const userNamespace: Rule = (situation) => {
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
  const { access, read, capable, withheld } = situation
  // Where READ is granted, no rule about credentials refuses.
  if (access !== 'denied' || read === true || capable === true) return null
  // The tracer may own the target's namespace, and then has every capability over it; /proc does not
  // show that. Credentials are blamed only where no module could have refused.
  if (capable === null && moduleMayRefuse(situation)) return null
  const certainty = read === false ? 'proved' : 'inferred'
  return withheld
    ? because(id, certainty, `${message}; ${withheldWords}`, [...evidence, withheldEvidence])
    : because(id, certainty, message, evidence)
}
