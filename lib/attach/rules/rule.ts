import type { Cause, CauseId, Certainty, Evidence } from '../../model/index.js'
import type { Situation } from '../evidence.js'

/** Answers with a cause when the rule refuses this tracer this target. */
export type Rule = (situation: Situation) => Cause | null

/** What those of the rules say that refuse. */
export function refusals(rules: readonly Rule[], situation: Situation): Cause[] {
  return rules.flatMap((rule) => rule(situation) ?? [])
}

/** A cause from its parts. */
export function because(
  id: CauseId,
  certainty: Certainty,
  message: string,
  evidence: readonly Evidence[],
): Cause {
  return { id, certainty, message, evidence }
}

/** The items as one phrase. */
export function list(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? ''
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}
