import type { RemedyId, Verdict } from '../../../lib/model/index.js'

/** A remedy in a situation where it was offered: what was run, and what came of it. */
export interface Carried {
  readonly id: RemedyId
  /** What `check` said before. */
  readonly said: Pick<Verdict, 'verdict' | 'cause' | 'message'>
  readonly offered: readonly RemedyId[]
  /** What was run, or done. */
  readonly did: string
  /** Whether the attach then worked. */
  readonly worked: boolean
  readonly printed: string
  /** Remedies that need nothing and worked, though none was offered that needs nothing. */
  readonly missing: readonly RemedyId[]
}
