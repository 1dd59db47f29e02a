import type { Room, Trials } from '../room.js'
import { asUser, atStrictScopes, everyTarget, root, user } from './tracers.js'

const trials: readonly Trials[] = [
  ...everyTarget,
  { scopes: [1], debuggers: ['ltrace', 'lldb', 'dlv'], targets: ['naming-any'] },
  atStrictScopes,
]
const confined = { setup: [], ownTargets: false, sittings: trials } as const
const profiled = {
  ...confined,
  labelled: true,
  setup: [['apparmor_parser', '--replace', '--skip-cache', '/run/lane/profile']],
} as const
const underProfile = ['aa-exec', '-p', 'judges-without-ptrace', '--']

/** Where another security module than Yama has a say. */
export const modularRooms: readonly Room[] = [
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

const loadPolicy = `mountpoint -q /sys/fs/selinux || {
  mount -t selinuxfs selinuxfs /sys/fs/selinux && cat policy >/sys/fs/selinux/load &&
    echo 1 >/sys/fs/selinux/enforce
}`
const policed = { ...confined, labelled: true, setup: [['sh', '-c', loadPolicy]] } as const

/** Runs what follows in that domain of the policy, as runcon does where SELinux is installed. */
function domain(name: 'with_ptrace_t' | 'without_ptrace_t' | 'without_capability_t'): string[] {
  const enter = `printf %s system_u:system_r:${name} >/proc/self/attr/exec && exec "$0" "$@"`
  return ['sh', '-c', enter]
}

/** The same with SELinux, which takes a boot of its own, and a policy of ours. */
export const selinuxRooms: readonly Room[] = [
  {
    ...policed,
    id: 'user-selinux',
    title: 'as uid 1000 in an SELinux domain that may not ptrace',
    command: [...asUser, ...domain('without_ptrace_t')],
    tracer: { ...user, confined: 'selinux' },
  },
  {
    ...policed,
    id: 'root-selinux',
    title: 'as root in an SELinux domain that may not ptrace',
    command: domain('without_ptrace_t'),
    tracer: { ...root, confined: 'selinux' },
  },
  {
    ...policed,
    id: 'user-selinux-lenient',
    title: 'as uid 1000 in an SELinux domain that may ptrace',
    command: [...asUser, ...domain('with_ptrace_t')],
    tracer: { ...user, confined: 'lenient' },
  },
  {
    ...policed,
    id: 'root-selinux-withheld',
    title: 'as root in an SELinux domain that may ptrace, but not use CAP_SYS_PTRACE',
    command: domain('without_capability_t'),
    tracer: { ...root, capable: false, confined: 'lenient' },
    sittings: [
      {
        scopes: [0, 1, 2],
        debuggers: ['seize', 'strace', 'eu-stack'],
        targets: ['plain', 'naming-any', 'not-dumpable', 'other-user', 'root', 'capability'],
      },
    ],
  },
]
