import type { Verdict } from '../model/index.js'
import { holdings } from './notable.js'

/** Processes that got the same answer, with a few names among them. */
export interface Group {
  count: number
  /** The first process of each name, and how many there are of it. */
  readonly names: Map<string, { readonly pid: number; count: number }>
}

/** A survey summed up: its size depends on the number of causes, not on that of the processes. */
export interface Tally {
  total: number
  /** Open to the tracer; `same` are processes of its own user. */
  readonly open: { readonly same: Group; readonly others: Group }
  /** By the rule that refuses first. */
  readonly refused: Map<string, Group>
  readonly unknown: Map<string, Group>
  /** Open processes that are worth a look, by what they hold. */
  readonly notable: Map<string, Group>
}

// More than a line can show.
const namesKept = 12

/** A group without a process. */
export function emptyGroup(): Group {
  return { count: 0, names: new Map() }
}

/** The tally of no process. */
export function tally(): Tally {
  return {
    total: 0,
    open: { same: emptyGroup(), others: emptyGroup() },
    refused: new Map(),
    unknown: new Map(),
    notable: new Map(),
  }
}

/** Counts one verdict. */
export function count(sum: Tally, { verdict, cause, target, pid }: Verdict, uid: number | null) {
  const name = target?.name ?? 'unknown'
  sum.total += 1
  if (verdict !== 'allowed') {
    const groups = verdict === 'denied' ? sum.refused : sum.unknown
    addTo(entry(groups, cause ?? 'undetermined'), name, pid)
    return
  }
  addTo(target?.uid === uid ? sum.open.same : sum.open.others, name, pid)
  const holds = holdings(name)
  if (holds !== undefined) addTo(entry(sum.notable, holds), name, pid)
}

function entry(groups: Map<string, Group>, key: string): Group {
  const found = groups.get(key) ?? emptyGroup()
  groups.set(key, found)
  return found
}

/** Puts a process into a group. */
export function addTo(target: Group, name: string, pid: number): void {
  target.count += 1
  const known = target.names.get(name)
  if (known) known.count += 1
  else if (target.names.size < namesKept) target.names.set(name, { pid, count: 1 })
}
