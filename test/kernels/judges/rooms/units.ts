import type { Room, Trials } from '../room.js'
import { makeCopies, trials } from './programs.js'
import { root, user } from './tracers.js'

const targets = ['plain', 'naming-any', 'not-dumpable', 'other-user', 'root', 'capability']
const sittings: readonly Trials[] = [
  { scopes: [1, 2], debuggers: ['seize', 'strace', 'eu-stack'], targets },
]
const common = { setup: [], ownTargets: false, sittings } as const

/** A transient unit of the machine's systemd with these lines under [Service]. */
function unit(uid: 0 | 1000, ...lines: readonly string[]): string[] {
  const properties = [`User=${uid}`, `Group=${uid}`, 'WorkingDirectory=/run/lane', ...lines]
  return [
    ...['systemd-run', '--quiet', '--pipe', '--wait', '--collect'],
    ...properties.flatMap((property) => ['-p', property]),
    '--',
  ]
}

/** Where a unit's settings limit the tracer. */
export const unitRooms: readonly Room[] = [
  {
    ...common,
    id: 'unit-debug',
    title: 'as uid 1000 in a unit with SystemCallFilter=~@debug',
    command: unit(1000, 'SystemCallFilter=~@debug', 'SystemCallErrorNumber=EPERM'),
    tracer: { ...user, confined: 'seccomp' },
  },
  {
    ...common,
    id: 'unit-ptrace',
    title: 'as root in a unit with SystemCallFilter=~ptrace',
    command: unit(0, 'SystemCallFilter=~ptrace', 'SystemCallErrorNumber=EACCES'),
    tracer: { ...root, confined: 'seccomp' },
  },
  {
    ...common,
    id: 'unit-proc-subset',
    title: 'as uid 1000 in a unit with ProcSubset=pid, where no file shows the scope',
    command: unit(1000, 'ProcSubset=pid'),
    tracer: user,
  },
  {
    ...common,
    id: 'unit-protect-proc',
    title: 'as uid 1000 in a unit with ProtectProc=invisible',
    command: unit(1000, 'ProtectProc=invisible'),
    tracer: { ...user, proc: 'readable' },
  },
  {
    ...common,
    setup: [makeCopies],
    id: 'unit-no-new-privileges',
    title: 'as uid 1000 in a unit with NoNewPrivileges=yes',
    command: unit(1000, 'NoNewPrivileges=yes'),
    tracer: user,
    sittings: [...sittings, trials('capable'), trials('set-uid')],
  },
  {
    ...common,
    id: 'unit-bounded',
    title: 'as root in a unit with CapabilityBoundingSet=~CAP_SYS_PTRACE',
    command: unit(0, 'CapabilityBoundingSet=~CAP_SYS_PTRACE'),
    tracer: { ...root, capable: false, permitted: 'all but ptrace' },
  },
]
