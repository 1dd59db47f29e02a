import {
  type Finding,
  type FindingId,
  findingIds,
  findingRows,
  type Level,
  visible,
} from '../model/index.js'
import { callerRules } from './findings/caller.js'
import { measurementRules } from './findings/measurement.js'
import { refusalRules } from './findings/refusals.js'
import type { Known, Rule } from './findings/rule.js'
import { scopeRules } from './findings/scope.js'

/** When each applies and what it says then; `lib/model/findings.ts` has the rest. */
const rules: Readonly<Record<FindingId, Rule>> = {
  ...scopeRules,
  ...refusalRules,
  ...callerRules,
  ...measurementRules,
}

const levelOrder: readonly Level[] = ['error', 'warning', 'info']

/** Every finding that applies, the gravest first, otherwise in the order of the table. */
export function explain(known: Known): Finding[] {
  const findings = findingIds.flatMap((id): Finding[] => {
    const { when, says, remedies: offer } = rules[id]
    const evidence = when(known)
    if (evidence === null) return []
    const { level, source } = findingRows[id]
    const message = visible(says(known))
    return [{ id, level, message, evidence, remedies: offer?.(known) ?? [], source }]
  })
  return findings.sort((a, b) => levelOrder.indexOf(a.level) - levelOrder.indexOf(b.level))
}
