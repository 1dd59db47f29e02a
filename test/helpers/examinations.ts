import { constants } from 'node:os'
import type { Circumstances } from '../../lib/attach/evidence.js'
import type { Examination, ProcessFacts } from '../../lib/engine/engine.js'

const { errno } = constants

/** The initial user namespace, and the map that a process in it sees of another in it. */
const initial = { userNamespace: 4026531837, uidMap: '         0          0 4294967295\n' }

/** An ordinary process of uid 1000 that sleeps. */
export function processFacts(differences: Partial<ProcessFacts> = {}): ProcessFacts {
  return {
    statErrno: 0,
    name: 'sleep',
    state: 'S',
    flags: 0x400000,
    parent: 500,
    threads: 1,
    startTime: 1,
    statusErrno: 0,
    threadGroup: 1234,
    tracer: 0,
    uids: [1000, 1000, 1000],
    gids: [1000, 1000, 1000],
    capPermitted: 0n,
    capEffective: 0n,
    ownerErrno: 0,
    directoryUid: 1000,
    filesUid: 1000,
    namespaceErrno: 0,
    uidMapErrno: 0,
    projidMapErrno: 0,
    projidMap: '         0          0 4294967295\n',
    labelErrno: errno.EINVAL,
    label: '',
    ...initial,
    ...differences,
  }
}

/** What the kernel answered: access granted, refused after READ was granted, or refused altogether. */
export type Answered = 'granted' | 'attach-refused' | 'refused'

/** An examination of process 1234 by process 2000 of the same user. */
export function examination(
  answered: Answered,
  target: Partial<ProcessFacts> = {},
  self: Partial<ProcessFacts> = {},
  more: Partial<Examination> = {},
): Examination {
  const refused = answered !== 'granted'
  // A link to a namespace can be read only with READ access.
  const hidden = answered === 'refused' ? { namespaceErrno: errno.EACCES, userNamespace: 0 } : {}
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
    target: processFacts({ ...hidden, ...target }),
    ...(refused
      ? {
          self: processFacts({ name: 'node', threadGroup: 2000, ...self }),
          ancestors: [
            { pid: 500, name: 'bash' },
            { pid: 1, name: 'systemd' },
          ],
        }
      : {}),
    ...more,
  }
}

/** A Debian machine with Yama at scope 0, nothing filtered, asked by process 2000. */
export function circumstances(
  differences: Partial<Omit<Circumstances, 'controls'>> & Partial<Circumstances['controls']> = {},
): Circumstances {
  const {
    yama = true,
    ptrace = null,
    ptraceKnown = true,
    read = true,
    landlockDomains = 0,
    ...rest
  } = differences
  return {
    tracer: 'self',
    selfPid: 2000,
    scope: 0,
    lsm: ['lockdown', 'capability', 'landlock', 'yama', 'apparmor'],
    selinux: null,
    ...rest,
    controls: { yama, ptrace, ptraceKnown, read, landlockDomains },
  }
}
