import type { Room, Trials } from '../room.js'
import { asUser, root, user } from './tracers.js'

const scopes = [0, 1, 2, 3] as const

const sittings: readonly Trials[] = [
  {
    scopes,
    debuggers: ['seize', 'strace', 'eu-stack', 'gdb'],
    targets: ['thread-traced', 'thread-other-user'],
  },
  // This Node would wait as well, and gdb as strace does.
  { scopes, debuggers: ['strace'], targets: ['executing'] },
]

/** Before processes whose threads differ. */
export const threadRooms: readonly Room[] = [
  { tracer: root, command: ['env'], name: 'root' },
  { tracer: user, command: asUser, name: 'uid 1000' },
].map(({ tracer, command, name }) => ({
  id: `${tracer.uid === 0 ? 'root' : 'user'}-threads`,
  title: `as ${name} before processes with a thread that is traced, has other ids or executes a program`,
  setup: [],
  command,
  ownTargets: false,
  tracer,
  sittings,
}))
