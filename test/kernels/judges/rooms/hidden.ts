import type { Room, Trials } from '../room.js'
import { asUser, root, user } from './tracers.js'

const trials: readonly Trials[] = [{ scopes: [0, 1], debuggers: ['seize', 'strace'] }]
const everyScope: readonly Trials[] = [
  {
    scopes: [0, 1, 2, 3],
    debuggers: ['seize', 'strace'],
    targets: ['plain', 'naming-any', 'not-dumpable', 'other-user', 'root'],
  },
]
const hidden = { setup: [], ownTargets: false, sittings: trials } as const

/** In a mount namespace of its own, whose /proc is mounted with that option. */
function withProc(option: string): string[] {
  const mount = `mount -t proc -o ${option} proc /proc && exec "$0" "$@"`
  return ['unshare', '--mount', 'sh', '-c', mount]
}

/** In a PID namespace of its own, in which no number of the first one is taken. */
function numberedAnew(...more: readonly string[]): string[] {
  const count = 'echo 20000 >/proc/sys/kernel/ns_last_pid && exec "$0" "$@"'
  return ['unshare', '--pid', '--fork', '--kill-child', ...more, 'sh', '-c', count]
}

/** The same numbers mean others there. */
const otherThere = ['process-1', 'kernel-thread']
const elsewhere = {
  ...hidden,
  sittings: trials.map((each) => ({ ...each, except: otherThere })),
} as const

/** Where /proc does not show every process. */
export const hiddenRooms: readonly Room[] = [
  ...([1, 2, 4] as const).map((value) => ({
    ...hidden,
    id: `user-hidepid-${value}`,
    title: `as uid 1000 where /proc is mounted with hidepid=${value}`,
    command: [...withProc(`hidepid=${value}`), ...asUser],
    tracer: { ...user, proc: 'readable' as const },
    ...(value === 2 ? { sittings: everyScope } : {}),
  })),
  ...([root, user] as const).map((tracer) => ({
    ...hidden,
    id: `${tracer.uid === 0 ? 'root' : 'user'}-subset-pid`,
    title: `as uid ${tracer.uid} where /proc is mounted with subset=pid, so that no file shows the scope`,
    command: [...withProc('subset=pid'), ...(tracer.uid === 0 ? [] : asUser)],
    tracer,
    sittings: everyScope,
  })),
  {
    ...hidden,
    id: 'root-hidepid-4',
    title: 'as root without CAP_SYS_PTRACE where /proc is mounted with hidepid=4',
    command: [
      ...withProc('hidepid=4'),
      ...['setpriv', '--bounding-set=-sys_ptrace', '--inh-caps=-sys_ptrace', '--'],
    ],
    tracer: { ...root, capable: false, permitted: 'all but ptrace', proc: 'readable' },
  },
  {
    ...hidden,
    id: 'user-landlock-hidepid-2',
    title: 'as uid 1000 in a Landlock domain where /proc is mounted with hidepid=2',
    command: [...withProc('hidepid=2'), ...asUser, './domain'],
    tracer: { ...user, confined: 'landlock', proc: 'readable' },
  },
  {
    ...elsewhere,
    id: 'root-pid-namespace',
    title: 'as root in another PID namespace',
    command: numberedAnew('--mount-proc'),
    tracer: { ...root, alone: true },
  },
  {
    ...elsewhere,
    id: 'user-pid-namespace',
    title: 'as uid 1000 in another PID namespace',
    command: [...numberedAnew('--mount-proc'), ...asUser],
    tracer: { ...user, alone: true },
  },
  {
    ...elsewhere,
    // The debuggers cannot be watched there.
    sittings: [{ scopes: [0, 1], debuggers: ['seize'], except: otherThere }],
    id: 'user-foreign-proc',
    title: 'as uid 1000 in another PID namespace whose /proc is still that of the first one',
    command: [...numberedAnew(), ...asUser],
    tracer: { ...user, proc: 'foreign', alone: true },
  },
]
