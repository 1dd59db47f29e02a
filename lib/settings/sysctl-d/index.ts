/** Has a reader read everything below a root. */

import { type Contents, contents } from './contents.js'
import type { Listed } from './files.js'
import type { Reader } from './readers.js'
import type { Placed, Plan } from './writes.js'

/** A file that was read, and what the files say that it hides. */
export interface ReadFile extends Listed, Contents {
  readonly hidden: readonly Placed[]
}

/** What one reader finds. */
export interface Reading {
  readonly files: readonly ReadFile[]
  readonly plans: readonly Plan[]
  readonly problems: readonly string[]
  /** Whether a directory could not be read that the reader itself might. */
  readonly unknown: boolean
}

/** Reads all files in the order of the reader, and plans what it writes. */
export function readAs(root: string, { order, grammar, plan, eachFile }: Reader): Reading {
  const listing = order(root)
  const files = listing.files.map((listed): ReadFile => {
    const hidden = listed.hides.flatMap((path) => contents(root, path, grammar).entries)
    return { ...listed, ...contents(root, listed.path, grammar), hidden }
  })
  const groups = eachFile
    ? files.map(({ entries }) => entries)
    : [files.flatMap(({ entries }) => entries)]
  return {
    files,
    plans: groups.map(plan),
    problems: [...listing.problems, ...files.flatMap(({ problems }) => problems)],
    unknown: listing.unknown,
  }
}
