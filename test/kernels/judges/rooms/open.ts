import type { Room, Trials } from '../room.js'
import { userName } from '../room.js'
import { targets } from '../targets.js'
import { asUser, root, user } from './tracers.js'

const scopes = [0, 1, 2, 3] as const
const few = ['plain', 'naming-any', 'not-dumpable']

const trials: readonly Trials[] = [
  { scopes, debuggers: ['seize', 'strace'] },
  { scopes: [1, 2], debuggers: ['eu-stack'] },
  { scopes: [0, 3], debuggers: ['eu-stack'], targets: few },
  // Where it matters who the tracer is.
  { scopes: [1, 2], as: 'stranger', debuggers: ['strace'] },
  { scopes, as: 'stranger', debuggers: ['eu-stack'], targets: few },
  { scopes: [0, 1, 3], debuggers: ['gdb+gcore'] },
  // There gdb attaches, and then waits for ever for a child in which it tests PTRACE_TRACEME.
  { scopes: [2], debuggers: ['gdb+gcore'], except: ['namespace-of-user'] },
  { scopes: [1], debuggers: ['gdb', 'gcore', 'ltrace', 'lldb', 'dlv'], targets: few },
  { scopes: [0, 2, 3], debuggers: ['gdb', 'gcore', 'ltrace', 'lldb', 'dlv'], targets: ['plain'] },
]

/** Root may ask as that user, about what is outside of its room. Threads have rooms of their own. */
const outside = targets
  .filter(({ ids, thread, state }) => ids !== 'tracer' && thread === null && state !== 'executing')
  .map(({ id }) => id)
const addUser = `grep -q ^${userName}: /etc/passwd || echo ${userName}:x:1000:1000::/:/bin/sh >>/etc/passwd`

/** Where every debugger tries, at every scope. */
export const openRooms: readonly Room[] = [
  {
    id: 'root',
    title: 'as root',
    setup: [['sh', '-c', addUser]],
    command: ['env'],
    ownTargets: false,
    tracer: root,
    sittings: [...trials, { scopes, as: 'user', debuggers: ['strace'], targets: outside }],
  },
  {
    id: 'user',
    title: 'as uid 1000',
    setup: [],
    command: asUser,
    ownTargets: false,
    tracer: user,
    sittings: trials,
  },
]
