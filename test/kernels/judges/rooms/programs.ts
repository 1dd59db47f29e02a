import type { Room, Tracer, Trials } from '../room.js'
import { asUser, root, user } from './tracers.js'

const scopes = [0, 1, 2, 3] as const
const targets = ['plain', 'not-dumpable']

/** Copies of gdb and strace whose files have more than those of the machine, each in a directory. */
const places = {
  capable: 'setcap cap_sys_ptrace+ep',
  permitted: 'setcap cap_sys_ptrace+p',
  other: 'setcap cap_net_raw+ep',
  'set-uid': 'chmod u+s',
} as const
const top = '/run/tools'
const make = `set -e
test -d ${top} && exit
mkdir ${top} ${top}/nosuid
${Object.entries(places)
  .map(
    ([name, give]) => `mkdir ${top}/${name}
for tool in gdb strace; do
  cp -L $(command -v $tool) ${top}/${name}/ && ${give} ${top}/${name}/$tool
done`,
  )
  .join('\n')}
mount --bind -o nosuid ${top}/capable ${top}/nosuid
mount -o remount,bind,nosuid ${top}/nosuid`

/** A debugger of that directory, and what its file gives it. */
export function trials(
  name: keyof typeof places | 'nosuid',
  gains: Partial<Tracer> = {},
  debuggers: Trials['debuggers'] = ['strace'],
): Trials {
  return { scopes, debuggers, path: `${top}/${name}`, gains, targets }
}

const both = ['strace', 'gdb-each'] as const

const capable = { capable: true } as const
const everything = { capable: true, permitted: 'all' } as const
/** Makes the copies. */
export const makeCopies = ['sh', '-c', make] as const
const common = { setup: [makeCopies], ownTargets: false } as const

/** Where a debugger has not what the process has that starts it. */
export const programRooms: readonly Room[] = [
  {
    ...common,
    id: 'user-programs',
    title: 'as uid 1000 with debuggers whose files give them something',
    command: asUser,
    tracer: user,
    sittings: [
      trials('capable', capable, both),
      trials('permitted', { mayRaise: true }),
      trials('set-uid', everything, both),
      trials('nosuid'),
    ],
  },
  {
    ...common,
    id: 'user-no-new-privs',
    title: 'as uid 1000 with no_new_privs',
    command: [...asUser, 'setpriv', '--no-new-privs', '--'],
    tracer: user,
    sittings: [trials('capable'), trials('set-uid')],
  },
  {
    ...common,
    id: 'root-no-root',
    title: 'as uid 0 to which SECBIT_NOROOT leaves no capability',
    command: ['setpriv', '--securebits=+noroot', '--'],
    tracer: { ...root, capable: false, permitted: 'none' },
    sittings: [trials('capable', capable), trials('set-uid')],
  },
  {
    ...common,
    id: 'user-bounded',
    title: 'as uid 1000 whose bounding set lacks CAP_SYS_PTRACE',
    command: ['setpriv', '--bounding-set=-sys_ptrace', '--inh-caps=-sys_ptrace', '--', ...asUser],
    tracer: user,
    sittings: [trials('set-uid', { permitted: 'all but ptrace' })],
  },
  {
    ...common,
    id: 'user-ambient',
    title: 'as uid 1000 with CAP_SYS_PTRACE in the ambient set',
    command: [
      ...['setpriv', '--reuid=1000', '--regid=1000', '--clear-groups'],
      ...['--inh-caps=+sys_ptrace', '--ambient-caps=+sys_ptrace', '--'],
    ],
    tracer: { ...user, capable: true },
    sittings: [
      { scopes, debuggers: both, targets },
      trials('capable'),
      // A file with capabilities clears the ambient set.
      trials('other', { capable: false }),
    ],
  },
]
