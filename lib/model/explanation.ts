import type { Text } from './shapes.js'

/** An error text of another program, and what may be behind it. */
export interface Explanation {
  /** A stable name, such as `gdb-attach`. */
  readonly id: Text
  /** The programs that print it. */
  readonly programs: readonly Text[]
  /** The part of it that never differs; three dots stand for numbers and names. */
  readonly text: Text
  /** What it means: one sentence. */
  readonly means: Text
  /** What may be the cause, the most usual first. */
  readonly causes: readonly Text[]
  /** The command that tells which one it is; null: this package cannot tell. */
  readonly command: Text | null
  /** The page about it, a file of the package. */
  readonly page: Text
}

/** What `ptrace-probe explain` answers. */
export interface ExplanationReport {
  /** Changes when a program that reads it has to change. */
  readonly schemaVersion: 1
  /** What was asked about, as it is. */
  readonly text: string
  /** What fits it, the closest first; empty: nothing does. */
  readonly explanations: readonly Explanation[]
  /** Every text that is known. */
  readonly known: readonly Text[]
}
