import { constants } from 'node:os'
import type { Circumstances } from '../../lib/attach/evidence.js'
import { judge } from '../../lib/attach/verdict.js'
import type {
  Details,
  Examination,
  Owners,
  ProcessFacts,
  Stat,
  Status,
  Unread,
} from '../../lib/engine/examination.js'

const { errno } = constants

/** What differs from an ordinary process. An errno stands for a file that could not be read. */
export type Differences = Partial<
  Stat &
    Status &
    Owners & {
      readonly userNamespace: number
      readonly uidMap: string
      readonly projidMap: string
      readonly label: string
      readonly statErrno: number
      readonly statusErrno: number
      readonly ownerErrno: number
      readonly namespaceErrno: number
      readonly uidMapErrno: number
      readonly projidMapErrno: number
      readonly labelErrno: number
    }
>

const readOr = <Facts>(errno: number | undefined, facts: Facts): Facts | Unread =>
  errno === undefined || errno === 0 ? facts : { errno }

/** An ordinary process of uid 1000 that sleeps. */
export function processFacts(differences: Differences = {}): ProcessFacts {
  const { statErrno, statusErrno, ...rest } = differences
  const { name = 'sleep', state = 'S', flags = 0x400000, parent = 500, threads = 1 } = rest
  const { threadGroup = 1234, tracer = 0, capPermitted = 0n, capEffective = 0n } = rest
  const { startTime = 1, uids = [1000, 1000, 1000], gids = [1000, 1000, 1000] } = rest
  return {
    stat: readOr(statErrno, { name, state, flags, parent, threads, startTime }),
    status: readOr(statusErrno, { threadGroup, tracer, uids, gids, capPermitted, capEffective }),
  }
}

/** The same process in the initial user namespace, on a machine without labels. */
export function processDetails(differences: Differences = {}): Details {
  const { ownerErrno, namespaceErrno, uidMapErrno, projidMapErrno, ...rest } = differences
  const { directoryUid = 1000, filesUid = 1000, userNamespace = 4026531837 } = rest
  const { uidMap = initialMap, projidMap = initialMap, label = '' } = rest
  const { labelErrno = rest.label === undefined ? errno.EINVAL : 0 } = rest
  return {
    owners: readOr(ownerErrno, { directoryUid, filesUid }),
    userNamespace: readOr(namespaceErrno, userNamespace),
    uidMap: readOr(uidMapErrno, uidMap),
    projidMap: readOr(projidMapErrno, projidMap),
    label: readOr(labelErrno, label),
  }
}

/** The map of the initial user namespace, as a process in it sees it. */
const initialMap = '         0          0 4294967295\n'

/** What the kernel answered: access granted, refused after READ was granted, or refused altogether. */
export type Answered = 'granted' | 'attach-refused' | 'refused'

/** An examination of process 1234 by process 2000 of the same user. */
export function examination(
  answered: Answered,
  target: Differences = {},
  self: Differences = {},
  more: Partial<Examination> = {},
): Examination {
  const refused = answered !== 'granted'
  // A link to a namespace can be read only with READ access.
  const hidden = answered === 'refused' ? { namespaceErrno: errno.EACCES } : {}
  return {
    pid: 1234,
    pidfdErrno: 0,
    ended: false,
    procIsOurs: true,
    pidfdGetfd: refused ? errno.EPERM : errno.EBADF,
    vmRead: null,
    procMem: null,
    read: refused ? (answered === 'refused' ? errno.EPERM : 0) : null,
    tracerName: target.tracer === undefined ? '' : 'gdb',
    target: processFacts(target),
    closer: refused
      ? {
          target: processDetails({ ...hidden, ...target }),
          self: processFacts({ name: 'node', threadGroup: 2000, ...self }),
          selfDetails: processDetails(self),
          ancestors: [
            { pid: 500, name: 'bash' },
            { pid: 1, name: 'systemd' },
          ],
        }
      : null,
    inVfork: false,
    threads: null,
    ...more,
  }
}

/** A Debian machine with Yama at scope 0, nothing filtered, asked by process 2000. */
export function circumstances(
  differences: Partial<Omit<Circumstances, 'controls'>> & Partial<Circumstances['controls']> = {},
): Circumstances {
  const {
    yama = true,
    call = { works: true },
    other = { works: true },
    filtered = false,
    standIn = null,
    read = true,
    landlockDomains = 0,
    ...rest
  } = differences
  return {
    tracer: 'self',
    method: 'attach',
    selfPid: 2000,
    scope: 0,
    scopeFrom: 'file',
    lsm: ['lockdown', 'capability', 'landlock', 'yama', 'apparmor'],
    selinux: null,
    contradiction: null,
    ...rest,
    controls: { yama, call, other, filtered, standIn, read, landlockDomains },
  }
}

export const sysPtrace = 1n << 19n
export const netRaw = 1n << 13n

/** What /proc does not show (proc(5), hidepid). */
export const hidden: Differences = {
  statErrno: errno.ENOENT,
  statusErrno: errno.ENOENT,
  ownerErrno: errno.ENOENT,
  namespaceErrno: errno.ENOENT,
  uidMapErrno: errno.ENOENT,
  projidMapErrno: errno.ENOENT,
  labelErrno: errno.ENOENT,
}

/** The causes of a verdict, the first one first. */
export const ids = (examined: Examination, around: Circumstances) =>
  judge(examined, around).causes.map(({ id }) => id)
