import type { ScopeReport } from './scope-report.js'

/** Whether the kernel's file says another scope than the attempts leave possible. */
export function declaredDiffers({
  declared: { value },
  enforced: { name, candidates },
}: Pick<ScopeReport, 'declared' | 'enforced'>): boolean {
  if (value === null) return false
  if (name === 'no-yama') return true
  return candidates.length > 0 && candidates.every((candidate) => candidate !== value)
}
