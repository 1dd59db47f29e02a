import type { Tracer, Trials } from '../room.js'

export const root: Tracer = {
  uid: 0,
  capable: true,
  permitted: 'all',
  namespace: 'initial',
  confined: null,
  filtered: [],
  proc: 'all',
  asksFile: false,
  mayRaise: false,
  alone: false,
}

export const user: Tracer = { ...root, uid: 1000, capable: false, permitted: 'none' }

/** What a command of root's is started by, to run as that user. */
export const asUser = ['./confine', 'uid=1000', '--']

/**
 * strace tries PTRACE_SEIZE on every target, and eu-stack PTRACE_ATTACH on one for each rule: it takes
 * an emulated machine a second each time.
 */
export const everyTarget: readonly Trials[] = [
  { scopes: [0, 1], debuggers: ['seize', 'strace'] },
  {
    scopes: [0, 1],
    debuggers: ['eu-stack'],
    targets: ['plain', 'naming-any', 'not-dumpable', 'other-user', 'root', 'namespace-of-root'],
  },
]

/** Yama is asked last, so at its strict scopes a few targets show what a module or a filter adds. */
export const atStrictScopes: Trials = {
  scopes: [2, 3],
  debuggers: ['seize', 'strace'],
  targets: ['plain', 'naming-any', 'not-dumpable'],
}
