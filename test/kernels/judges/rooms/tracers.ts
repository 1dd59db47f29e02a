import type { Tracer } from '../room.js'

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
