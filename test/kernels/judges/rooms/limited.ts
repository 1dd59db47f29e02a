import type { Room, Trials } from '../room.js'
import { asUser, everyTarget, root, user } from './tracers.js'

const trials: readonly Trials[] = [
  ...everyTarget,
  { scopes: [1], debuggers: ['ltrace', 'lldb', 'dlv'], targets: ['naming-any'] },
]
const confined = { setup: [], ownTargets: false, sittings: trials } as const
/** Node itself would be killed. */
const killed = {
  ...confined,
  sittings: [{ scopes: [0, 1], debuggers: ['strace', 'eu-stack'] }],
} as const

const bubble = ['bwrap', '--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--']

/** A service of systemd's. */
function service(uid: 0 | 1000, ...lines: readonly string[]): string[] {
  return ['./unit', String(uid), ...lines, '--']
}

/** Where a filter, a namespace or a bounding set limits the tracer. */
export const limitedRooms: readonly Room[] = [
  {
    ...confined,
    id: 'root-without-ptrace',
    title: 'as root without CAP_SYS_PTRACE',
    command: ['setpriv', '--bounding-set=-sys_ptrace', '--inh-caps=-sys_ptrace', '--'],
    tracer: { ...root, capable: false, permitted: 'all but ptrace' },
  },
  {
    ...confined,
    id: 'root-filter-enosys',
    title: 'as root under a seccomp filter that answers ptrace with ENOSYS',
    command: ['./confine', 'ptrace=enosys', '--'],
    tracer: { ...root, confined: 'seccomp' },
  },
  {
    ...confined,
    id: 'user-namespace',
    title: 'as root of a user namespace that uid 1000 made',
    command: ['./confine', 'uid=1000', 'userns', '--'],
    tracer: { ...user, capable: true, permitted: 'all', namespace: 'own' },
  },
  {
    ...confined,
    id: 'user-bubblewrap',
    title: 'as uid 1000 in bubblewrap',
    command: [...asUser, ...bubble],
    tracer: { ...user, namespace: 'own' },
  },
  {
    ...confined,
    id: 'root-bubblewrap',
    title: 'as root in bubblewrap',
    command: bubble,
    tracer: root,
  },
]

/** Under filters that a real systemd makes. */
export const serviceRooms: readonly Room[] = [
  {
    ...confined,
    id: 'user-service',
    title: 'as uid 1000 under SystemCallFilter=~@debug with EPERM',
    command: service(1000, 'SystemCallFilter=~@debug', 'SystemCallErrorNumber=EPERM'),
    tracer: { ...user, confined: 'seccomp' },
  },
  {
    ...confined,
    id: 'root-service-lenient',
    title: 'as root under SystemCallFilter=@system-service, which has no pidfd_getfd, and ptrace',
    command: service(0, 'SystemCallFilter=@system-service ptrace', 'SystemCallErrorNumber=EPERM'),
    tracer: root,
  },
  {
    ...killed,
    id: 'root-service-killed',
    title: 'as root under SystemCallFilter=~@debug, which kills',
    command: service(0, 'SystemCallFilter=~@debug'),
    tracer: { ...root, confined: 'seccomp' },
  },
  {
    ...killed,
    id: 'user-service-killed',
    title: 'as uid 1000 where ptrace and every other call that could be asked kill',
    command: service(
      1000,
      'SystemCallFilter=~@debug process_vm_readv process_vm_writev kcmp get_robust_list',
    ),
    tracer: { ...user, confined: 'seccomp', asksFile: true },
  },
]
