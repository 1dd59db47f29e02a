import type { Report } from './report.js'
import type { Text, Time } from './shapes.js'

/** What a change is about. */
export type ChangeSubject =
  | 'host'
  | 'tool'
  | 'kernel'
  | 'os'
  | 'caller'
  | 'yama'
  | 'enforced'
  | 'certainty'
  | 'declared'
  | 'effective'
  | 'attempts'
  | 'finding'
  | 'file'
  | 'after-reboot'
  | 'drift'
  | 'policy'

/** One thing that is not as it was. */
export interface Change {
  /** What it is about. */
  readonly subject: ChangeSubject
  /** What it was; null where there was nothing. */
  readonly before: string | null
  /** What it is; null where there is nothing. */
  readonly after: string | null
  /** One sentence. */
  readonly message: Text
}

/** What a comparison compares: a report, or an envelope with more. */
export interface Compared {
  /** The name of the host; null in a report, which has none. */
  readonly host: Text | null
  /** When it was measured, ISO 8601 in UTC. */
  readonly time: Time
}

/** What changed between two reports or envelopes: the answer of {@link diff}. */
export interface Difference {
  /** The version of this format. */
  readonly schemaVersion: 1
  /** What answered. */
  readonly tool: Report['tool']
  /** One sentence. */
  readonly message: Text
  /** The first of the two. */
  readonly before: Compared
  /** The second. */
  readonly after: Compared
  /** What is not as it was, the gravest first. */
  readonly changes: readonly Change[]
  /** One sentence each: what only one of the two says, so that it was not compared. */
  readonly notCompared: readonly Text[]
}
