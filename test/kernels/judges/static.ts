import {
  blameErrors,
  predictionErrors,
  rowOf,
  rulesRows,
  type Situation,
  situationOf,
  users,
} from '../../helpers/static-rules.js'
import type { Cell, Sitting } from './results.js'
import { targets } from './targets.js'

/** A real debugger before a process, and what `check` foretold of it. */
export interface Met extends Situation {
  readonly judge: string
  readonly foretold: Cell['foretold']
}

/** The groups whose machines are needed, as PTRACE_PROBE_JUDGES calls them. */
export const groupsOfRules: readonly string[] = ['root', 'user', 'threads']

/** Their rooms, in which nothing confines the debuggers. */
const tracers: Readonly<Record<string, { readonly as: Situation['as']; readonly uid: number }>> = {
  root: { as: 'root', uid: 0 },
  'root-threads': { as: 'root', uid: 0 },
  user: { as: 'user', uid: 1000 },
  'user-threads': { as: 'user', uid: 1000 },
}

/** gdb, and where it does not come back, another one that attaches to every thread. */
const judges = ['gdb+gcore', 'gdb', 'eu-stack']

/**
 * What a debugger of each user met at each process that it tried. What the rules look at is what /proc
 * showed. Which of the kernel's rules refuses first no debugger tells: that is the table's word, and the
 * tests of the rooms hold it against what happened.
 */
export function metIn(sittings: readonly Sitting[]): Met[] {
  return sittings.flatMap(({ room, scope, cells }) => {
    const found = tracers[room]
    if (found === undefined) return []
    return targets.flatMap((target) => {
      const tried = cells.filter((cell) => cell.target === target.id && cell.tracer === 'child')
      const cell = judges.flatMap((id) => tried.find(({ judge }) => judge === id) ?? [])[0]
      if (cell === undefined || cell.read === null) return []
      const { owner, realUid, tracer } = cell.read
      const { as, uid } = found
      return {
        ...situationOf(as, scope, target),
        seen: {
          scope,
          isRoot: uid === 0,
          isOwn: owner === uid,
          isClient: realUid === uid,
          isTraced: tracer !== 0,
        },
        isRefused: cell.outcome === 'refused',
        judge: cell.judge,
        foretold: cell.foretold,
      }
    })
  })
}

/** The rows of both tables of the page. */
export function rowsOf(all: readonly Met[]): string[] {
  const own = users.flatMap((as) => [
    rowOf('`check`', as, ...predictionErrors(all, as, ({ foretold }) => promises(foretold))),
    rowOf('`check`', as, ...blameErrors(all, as, ({ foretold }) => blamed(foretold))),
  ])
  return [...rulesRows(all), ...own]
}

/** What `check` does not know counts as a refusal that it foretold, and as no answer. */
const promises = ({ verdict }: Cell['foretold']): boolean => verdict === 'allowed'
const blamed = ({ cause }: Cell['foretold']): string | null =>
  cause === 'undetermined' ? null : cause
