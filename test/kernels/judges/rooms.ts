import type { Scope } from '../../../lib/model/scopes.js'
import type { Room } from './room.js'
import { containers } from './rooms/containers.js'
import { hiddenRooms } from './rooms/hidden.js'
import { limitedRooms, serviceRooms } from './rooms/limited.js'
import { methodRooms } from './rooms/methods.js'
import { modularRooms, selinuxRooms } from './rooms/modular.js'
import { openRooms } from './rooms/open.js'
import { programRooms } from './rooms/programs.js'
import { threadRooms } from './rooms/threads.js'
import { unitRooms } from './rooms/units.js'

/** What one machine does: each has a limit of its own, so that a slow one can keep to it. */
export interface Group {
  /** What PTRACE_PROBE_JUDGES calls it. */
  readonly id: string
  /** Completes the sentence "Real debuggers … do what was foretold". */
  readonly title: string
  /** More words for the kernel's command line. */
  readonly append?: string
  /** A systemd boots the machine, and its rooms may be services of it. */
  readonly systemd?: true
  readonly scopes: readonly Scope[]
  readonly rooms: readonly Room[]
}

const scopes = [0, 1] as const
const everyScope = [0, 1, 2, 3] as const
const halves = [
  [0, 1],
  [2, 3],
] as const
const groups: readonly Group[] = [
  // Every debugger is tried here, which takes a machine of its own for each two scopes.
  ...openRooms.flatMap((room) =>
    halves.map((some) => ({
      id: room.id,
      title: `${room.title} at scopes ${some.join(' and ')}`,
      scopes: some,
      rooms: [room],
    })),
  ),
  {
    id: 'methods',
    title: 'with one request refused by a filter',
    scopes: everyScope,
    rooms: methodRooms,
  },
  {
    id: 'programs',
    title: 'with privileges of their files',
    scopes: everyScope,
    rooms: programRooms,
  },
  {
    id: 'threads',
    title: 'before threads that differ',
    scopes: everyScope,
    rooms: threadRooms,
  },
  { id: 'limits', title: 'under limits', scopes, rooms: limitedRooms },
  { id: 'services', title: 'in services of systemd', scopes, rooms: serviceRooms },
  {
    id: 'units',
    title: 'in units of the systemd that has booted the machine',
    systemd: true,
    scopes: [1, 2],
    rooms: unitRooms,
  },
  { id: 'modules', title: 'under security modules', scopes: everyScope, rooms: modularRooms },
  {
    id: 'selinux',
    title: 'under SELinux',
    append: 'security=selinux selinux=1',
    scopes: [0, 1, 2],
    rooms: selinuxRooms,
  },
  { id: 'containers', title: 'in containers', scopes: everyScope, rooms: containers },
  { id: 'hidden', title: 'where /proc hides processes', scopes: everyScope, rooms: hiddenRooms },
]

/**
 * The groups that a list names, separated by commas or blanks; all if it is empty.
 *
 * @throws RangeError for a name that is not in the table.
 */
export function chosenGroups(wanted: string): readonly Group[] {
  const names = wanted.split(/[\s,]+/).filter((name) => name !== '')
  const unknown = names.filter((name) => !groups.some(({ id }) => id === name))
  if (unknown.length > 0) {
    const known = [...new Set(groups.map(({ id }) => id))].join(' ')
    throw new RangeError(`PTRACE_PROBE_JUDGES names ${unknown.join(' ')}, known are: ${known}`)
  }
  return groups.filter(({ id }) => names.length === 0 || names.includes(id))
}

/** What this lane does not build. docs/guide/limits.md has these lines. */
export const untested: readonly string[] = [
  'Smack and BPF modules: not in these kernels, or nothing is packaged that loads one',
  'gVisor: Debian has no package of it; its answers are modelled',
  '`setsebool -P`, which keeps a boolean: it needs the policy store of a distribution',
  'gdb at scope 2 before a process of a namespace that the user made: it attaches, and then hangs',
  'dockerd itself: it takes a minute to start on an emulated machine; Podman runs with its filter',
  'Kubernetes: it takes a cluster',
  'gdb and gcore under confinement: they take seconds each',
  'debuggers on other kernels than that of Debian stable, and on arm64 others than gdb and strace: of the others the report is tried',
]
