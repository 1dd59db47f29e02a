import type { Evidence } from '../../model/index.js'
import type { Situation } from '../evidence.js'
import { mayHaveMadeNamespace } from './credentials.js'
import { macMayRefuse } from './labels.js'
import { because, type Rule, withheldEvidence, withheldWords } from './rule.js'

/** Whether Yama may be what refuses; false where what is known of it rules that out. */
export function yamaMayRefuse(situation: Situation): boolean {
  const { scope, controls, selfPid, method } = situation.circumstances
  if (method === 'read') return false
  if (scope === 0 || (scope === null && controls.yama === false)) return false
  if (scope === null || scope === 3) return true
  if (situation.capable === true || mayHaveMadeNamespace(situation)) return false
  const { closer } = situation.examination
  return scope === 2 || closer?.ancestors.some(({ pid }) => pid === selfPid) !== true
}

const scopeSources = {
  file: '/proc/sys/kernel/yama/ptrace_scope',
  behaviour: 'scope by attempts among own processes',
} as const

/**
 * Whether the mode that the kernel shows refuses this tracer this target
 * (Documentation/admin-guide/LSM/Yama.rst). The kernel does not show which tracer a target named with
 * PR_SET_PTRACER, but where that helped, access was granted.
 */
export const yamaRule: Rule = (situation) => {
  const { access, read, circumstances, examination, target } = situation
  const { scope, controls } = circumstances
  if (access !== 'denied' || target.stat?.state === 'Z' || !yamaMayRefuse(situation)) return null
  if (controls.yama === false || scope === null || scope === 0) return null
  if (scope < 3 && situation.self.status === null) return null
  // Without READ access as a contrast, what cannot be seen of the target may refuse as well.
  if (read === null && target.status === null) return null
  const evidence: Evidence[] = [
    ...(controls.yama === true ? [{ source: 'prctl(PR_SET_PTRACER, 0)', result: 'success' }] : []),
    { source: scopeSources[circumstances.scopeFrom], result: String(scope) },
    ...(read === null ? [] : [{ source: 'get_robust_list', result: read ? 'success' : 'EPERM' }]),
    ...(situation.withheld && scope < 3 ? [withheldEvidence] : []),
  ]
  const but = situation.withheld ? `; ${withheldWords}` : ''
  // Only Yama and MAC modules grant READ and refuse ATTACH. Scopes 2 and 3 have no exceptions, so
  // Yama refuses here whatever a module says.
  const certain = read === true && controls.yama === true && (scope > 1 || !macMayRefuse(situation))
  const certainty = certain ? 'proved' : 'inferred'
  switch (scope) {
    case 1: {
      const chain = examination.closer?.ancestors.map(({ pid, name }) => `${name} (${pid})`)
      return because(
        'yama-restricted',
        certainty,
        `Yama lets a process attach only to its descendants (scope 1), and this one descends from others ${
          read === true ? 'and did not name' : 'and may not have named'
        } the tracer with PR_SET_PTRACER${but}`,
        [...evidence, { source: 'ancestors', result: chain?.join(', ') || 'none' }],
      )
    }
    case 2:
      return because(
        'yama-admin-only',
        certainty,
        `Yama lets only holders of CAP_SYS_PTRACE attach (scope 2)${but}`,
        evidence,
      )
    case 3:
      return because(
        'yama-no-attach',
        certainty,
        'Yama lets no process attach before the next boot (scope 3)',
        evidence,
      )
    default:
      return scope satisfies never
  }
}
