import type { Context } from './contexts.js'
import type { Answer, SetScope } from './results.js'

/** A table row of what ought to hold. */
export interface ExpectedScope {
  readonly enforced: { readonly value: number | null; readonly name: string }
  readonly candidates: readonly number[]
  readonly certainty: 'proved' | 'inferred' | 'undetermined'
  readonly effective: { readonly value: number | null; readonly name: string }
  readonly agrees: boolean | null
}

/** The kernel documentation's modes, by number, in the project's words. */
const names = ['classic', 'restricted', 'admin-only', 'no-attach'] as const

/** One line for every cell whose answers differ; empty when all agree. */
export function disagreements(
  cells: Iterable<readonly [id: string, found: Answer]>,
  expected: (id: string) => Answer | undefined,
): string[] {
  const lines: string[] = []
  for (const [id, found] of cells) {
    const wanted = expected(id)
    if (wanted !== undefined && spell(found) !== spell(wanted)) {
      lines.push(`${id}: ${spell(found)}, expected ${spell(wanted)}`)
    }
  }
  return lines
}

/** Why a cell was refused is part of the answer; why it was not tried is not. */
function spell({ status, errno, signal }: Answer): string {
  return status === 'denied' ? `denied by ${errno ?? signal}` : status
}

/** What a report from this context should say when `scope` is set. */
export function expectedScope(context: Context, scope: SetScope): ExpectedScope {
  const effective = expectedEffective(context, scope)
  if (scope === null) {
    const enforced = { value: null, name: 'no-yama' }
    return { enforced, candidates: [], certainty: 'proved', effective, agrees: null }
  }
  if (isUndecidable(context, scope)) {
    const enforced = { value: null, name: 'undetermined' }
    return { enforced, candidates: [2, 3], certainty: 'undetermined', effective, agrees: null }
  }
  const enforced = { value: scope, name: names[scope] }
  // Without ptrace's own error, what refuses everything may be a security module.
  const certainty = scope === 3 && context.filter !== null ? 'inferred' : 'proved'
  return { enforced, candidates: [scope], certainty, effective, agrees: true }
}

/** To tell 2 from 3 takes a capable tracer, and only a new user namespace makes one of a user. */
function isUndecidable({ privilege, namespaces }: Context, scope: SetScope): boolean {
  return privilege === 'user' && !namespaces && scope !== null && scope >= 2
}

function expectedEffective(context: Context, scope: SetScope): ExpectedScope['effective'] {
  if (context.filter !== null) return { value: null, name: 'blocked' }
  if (isUndecidable(context, scope)) return { value: null, name: 'undetermined' }
  const capable = context.privilege !== 'user'
  const value = scope === null || (capable && scope < 3) ? 0 : scope
  return { value, name: names[value] }
}
