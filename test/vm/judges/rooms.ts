import type { Scope } from '../../../lib/vocabulary.js'
import type { Room, Tracer } from './room.js'

const root: Tracer = {
  uid: 0,
  capable: true,
  permitted: 'all',
  namespace: 'initial',
  confined: null,
}
const user: Tracer = { ...root, uid: 1000, capable: false, permitted: 'none' }
const asUser = ['./confine', 'uid=1000', '--']

const few = ['plain', 'naming-any', 'not-dumpable']
const unconfined: Pick<Room, 'setup' | 'ownTargets' | 'sittings'> = {
  setup: [],
  ownTargets: false,
  sittings: [
    { scopes: [0, 1, 2, 3], debuggers: ['seize', 'strace', 'eu-stack'] },
    { scopes: [0, 1, 3], debuggers: ['gdb+gcore'] },
    // There gdb attaches, and then waits for ever for a child in which it tests PTRACE_TRACEME.
    { scopes: [2], debuggers: ['gdb+gcore'], except: ['namespace-of-user'] },
    { scopes: [1], debuggers: ['gdb', 'gcore', 'ltrace', 'lldb', 'dlv'], targets: few },
    { scopes: [0, 2, 3], debuggers: ['gdb', 'gcore'], targets: ['plain'] },
  ],
}
const confined: typeof unconfined = {
  setup: [],
  ownTargets: false,
  sittings: [{ scopes: [0, 1], debuggers: ['seize', 'strace', 'eu-stack'] }],
}
const profiled: typeof unconfined = {
  ...confined,
  setup: [['apparmor_parser', '--replace', '--skip-cache', '/run/lane/profile']],
}
const underProfile = ['aa-exec', '-p', 'judges-without-ptrace', '--']
const bubble = ['bwrap', '--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--']

const contained: typeof unconfined = {
  ...confined,
  setup: [
    ['sh', '-c', 'mountpoint -q /sys/fs/cgroup || mount -t cgroup2 cgroup2 /sys/fs/cgroup'],
    ['sh', '-c', 'mkdir -p /dev/shm && mountpoint -q /dev/shm || mount -t tmpfs shm /dev/shm'],
  ],
  ownTargets: true,
}

/** A container with this root, Podman's own filter and its own AppArmor profile. */
function container(...more: readonly string[]): string[] {
  return [
    ...['podman', '--cgroup-manager=cgroupfs', '--storage-driver=vfs'],
    ...['--root=/run/podman/storage', '--runroot=/run/podman/run'],
    ...['run', '--rm', '--interactive', '--network=none', '--log-driver=none'],
    ...['--cgroups=disabled', '--ulimit=nofile=1024:1024', '--ulimit=nproc=1024:1024', ...more],
    ...['lane', 'project', 'node'].map((name) => `--volume=/run/${name}:/run/${name}`),
    ...['--rootfs', '/:O', '/run/lane/targets'],
  ]
}

/** Where every debugger tries, at every scope. */
const openRooms: readonly Room[] = [
  { ...unconfined, id: 'root', title: 'as root', command: ['env'], tracer: root },
  { ...unconfined, id: 'user', title: 'as uid 1000', command: asUser, tracer: user },
]

/** Where a filter, a namespace or a bounding set limits the tracer. */
const limitedRooms: readonly Room[] = [
  {
    ...confined,
    id: 'root-without-ptrace',
    title: 'as root without CAP_SYS_PTRACE',
    command: ['setpriv', '--bounding-set=-sys_ptrace', '--inh-caps=-sys_ptrace', '--'],
    tracer: { ...root, capable: false, permitted: 'all but ptrace' },
  },
  {
    ...confined,
    id: 'user-system-call-filter',
    title: 'as uid 1000 under a filter like that of SystemCallFilter=~ptrace with EPERM',
    command: ['./confine', 'uid=1000', 'ptrace=eperm', '--'],
    tracer: { ...user, confined: 'seccomp' },
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

/** Where another security module than Yama has a say. */
const modularRooms: readonly Room[] = [
  {
    ...confined,
    id: 'user-landlock',
    title: 'as uid 1000 in a Landlock domain',
    command: [...asUser, './domain'],
    tracer: { ...user, confined: 'landlock' },
  },
  {
    ...confined,
    id: 'root-landlock',
    title: 'as root in a Landlock domain',
    command: ['./domain'],
    tracer: { ...root, confined: 'landlock' },
  },
  {
    ...profiled,
    id: 'user-apparmor',
    title: 'as uid 1000 under an AppArmor profile without a rule for ptrace',
    command: [...asUser, ...underProfile],
    tracer: { ...user, confined: 'apparmor' },
  },
  {
    ...profiled,
    id: 'root-apparmor',
    title: 'as root under an AppArmor profile without a rule for ptrace',
    command: underProfile,
    tracer: { ...root, confined: 'apparmor' },
  },
]

const containers: readonly Room[] = [
  {
    ...contained,
    id: 'podman',
    title: 'as root in a container of Podman',
    command: container(),
    tracer: { ...root, capable: false, confined: 'lenient' },
  },
  {
    ...contained,
    id: 'podman-sys-ptrace',
    title: 'as root in a container of Podman with SYS_PTRACE',
    command: container('--cap-add=SYS_PTRACE'),
    tracer: { ...root, confined: 'lenient' },
  },
]

/** What one machine does: each has a limit of its own, so that a slow one can keep to it. */
export const groups: readonly {
  readonly title: string
  readonly scopes: readonly Scope[]
  readonly rooms: readonly Room[]
}[] = [
  ...openRooms.map((room) => ({ title: room.title, scopes: [0, 1, 2, 3] as const, rooms: [room] })),
  { title: 'under limits', scopes: [0, 1], rooms: limitedRooms },
  { title: 'under security modules', scopes: [0, 1], rooms: modularRooms },
  { title: 'in containers', scopes: [0, 1], rooms: containers },
]

/** What this lane does not build. */
export const untested: readonly string[] = [
  'SELinux: no policy that denies ptrace is packaged for Debian',
  'Smack and BPF modules: not in these kernels, or nothing is packaged that loads one',
  'gdb at scope 2 before a process of a namespace that the user made: it attaches, and then hangs',
  "Docker: its daemon takes a minute to start on an emulated machine; Podman's default filter is alike",
  'lldb, ltrace and dlv at other scopes than 1 and under confinement: they take seconds each',
]
