import type { Request, Room, Trials } from '../room.js'
import { asUser, root, user } from './tracers.js'

const scopes = [0, 1, 2, 3] as const
const targets = ['plain', 'naming-any', 'not-dumpable', 'already-traced']

const sittings: readonly Trials[] = [
  { scopes, debuggers: ['seize', 'strace', 'gdb-each'], targets },
  { scopes: [0], debuggers: ['eu-stack', 'gdb', 'ltrace', 'dlv'], targets: ['plain'] },
]

/** The numbers of the requests in linux/ptrace.h; both take 0 as address. */
const requests = { attach: 0x10, seize: 0x4206 } as const satisfies Record<Request, number>

/** Where a filter refuses one request of ptrace(2) and lets the other through. */
export const methodRooms: readonly Room[] = (['attach', 'seize'] as const).flatMap((request) =>
  (
    [
      { name: 'root', tracer: root, command: ['./confine'], answer: 'enosys' },
      { name: 'uid 1000', tracer: user, command: asUser.slice(0, -1), answer: 'eperm' },
    ] as const
  ).map(({ name, tracer, command, answer }) => ({
    id: `${tracer.uid === 0 ? 'root' : 'user'}-without-${request}`,
    title: `as ${name} under a filter that answers PTRACE_${request.toUpperCase()} alone with ${answer.toUpperCase()}`,
    setup: [],
    command: [...command, `ptrace:${requests[request]}:0=${answer}`, '--'],
    ownTargets: false,
    tracer: { ...tracer, filtered: [request] },
    sittings,
  })),
)
