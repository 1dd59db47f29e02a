/** From the lines that were read, in their order, to the value that the kernel ends with. */

import type { Scope } from '../../model/index.js'
import { type Entry, scopeKey } from './grammars.js'
import { writtenScope } from './value.js'

/** An entry and where it stands. */
export interface Placed extends Entry {
  readonly file: string
  readonly line: number
}

/** Why an entry has no effect. */
export type Fate =
  /** A later one, or one of more weight, says something else. */
  | { readonly id: 'later' | 'named'; readonly by: Placed }
  /** It says what an earlier one says, and that is the one that is kept. */
  | { readonly id: 'repeats'; readonly by: Placed }
  /** Another one excludes the key, from patterns or altogether. */
  | { readonly id: 'excluded'; readonly by: Placed }
  /** It is an exclusion itself. */
  | { readonly id: 'excludes' }
  /** The kernel does not take that value. */
  | { readonly id: 'refused' }
  /** The scope was 3 by then. */
  | { readonly id: 'latched'; readonly by: Placed | null }

/** What one reader writes, one after another, and what it leaves out. */
export interface Plan {
  readonly writes: readonly Placed[]
  readonly fates: ReadonlyMap<Placed, Fate>
}

/** From the entries of all files to what is written. */
export type Planner = (entries: readonly Placed[]) => Plan

/**
 * systemd-sysctl keeps one option a key, the last, and writes when it has read everything. The same
 * value again changes nothing, not even the order. A key that is named itself goes before patterns.
 */
export const planSystemd: Planner = (entries) => {
  const options = new Map<string, Placed>()
  const fates = new Map<Placed, Fate>()
  for (const entry of entries) {
    const before = options.get(entry.key)
    if (before?.value === entry.value) {
      fates.set(entry, entry.value === null ? { id: 'excludes' } : { id: 'repeats', by: before })
      continue
    }
    if (before) fates.set(before, { id: entry.value === null ? 'excluded' : 'later', by: entry })
    options.delete(entry.key)
    options.set(entry.key, entry)
  }
  const writes = [...options.values()].filter((option) => {
    const by = option.finds === null ? undefined : options.get(option.finds)
    if (option.value === null) fates.set(option, { id: 'excludes' })
    else if (by) fates.set(option, { id: by.value === null ? 'excluded' : 'named', by })
    return !fates.has(option)
  })
  return { writes, fates }
}

/** sysctl(8) of procps writes every line; a pattern gives way to the key itself and to exclusions. */
export const planProcps: Planner = (entries) => {
  const fates = new Map<Placed, Fate>()
  const named = new Map<string, Placed>()
  for (const entry of entries) {
    if (entry.finds === null && !named.has(entry.key)) named.set(entry.key, entry)
  }
  const writes = entries.filter((entry) => {
    const by = entry.finds === null ? undefined : named.get(entry.finds)
    if (entry.value === null) fates.set(entry, { id: 'excludes' })
    else if (by) fates.set(entry, { id: by.value === null ? 'excluded' : 'named', by })
    return !fates.has(entry)
  })
  return { writes, fates }
}

/** sysctl of busybox and the kernel itself write every line as it comes. */
export const planInOrder: Planner = (entries) => ({ writes: entries, fates: new Map() })

/** What the kernel ends with. */
export interface Outcome {
  /** Null: nothing was written that the kernel took. */
  readonly value: Scope | null
  readonly by: Placed | null
  readonly fates: ReadonlyMap<Placed, Fate>
}

/**
 * Carries plans out one after another. 3 is final: Yama refuses everything else from then on
 * (`yama_dointvec_minmax()` in security/yama/yama_lsm.c).
 *
 * @param start - the scope before the first write
 */
export function carryOut(plans: readonly Plan[], start: Scope | null): Outcome {
  const fates = new Map<Placed, Fate>(plans.flatMap((plan) => [...plan.fates]))
  let value = start
  let by: Placed | null = null
  for (const write of plans.flatMap(({ writes }) => writes)) {
    const written = writtenScope(write.value ?? '')
    if (written === null) fates.set(write, { id: 'refused' })
    else if (value === 3 && written !== 3) fates.set(write, { id: 'latched', by })
    else {
      if (by) fates.set(by, { id: 'later', by: write })
      value = written
      by = write
    }
  }
  return { value: by === null ? null : value, by, fates }
}

/** An entry as an assignment by other means than a file of its reader: on a command line. */
export function placed(file: string, line: number, value: string): Placed {
  return { key: scopeKey, finds: null, value, file, line }
}
