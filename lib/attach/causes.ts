import { type Cause, causes as order } from '../model/index.js'
import type { Situation } from './evidence.js'
import { rules } from './rules/index.js'
import { unaskedModules } from './rules/modules.js'
import { refusals } from './rules/rule.js'

/** What the rules say of one situation. */
export interface FoundCauses {
  /** In the order in which they are told: the kernel's, except where Yama may allow. */
  readonly causes: readonly Cause[]
  /** What may refuse besides, as a clause; null when nothing may. */
  readonly suspicion: string | null
}

/**
 * Says which rules refuse.
 *
 * The rules and their order: ptrace(2), "Ptrace access mode checking", and kernel/ptrace.c.
 */
export function findCauses(situation: Situation): FoundCauses {
  const credentials = refusals(rules.credentials, situation)
  const yama = refusals(rules.yama, situation)
  // Where READ is refused, Yama was not asked: it explains nothing, but would refuse next.
  const explained = credentials.length > 0 || (situation.read !== false && yama.length > 0)
  // SELinux can be asked; the others are what is left.
  const answered = refusals(rules.selinux, situation)
  const modules = answered.length > 0 || explained ? answered : refusals(rules.modules, situation)
  const access = [...credentials, ...modules]
  const next = situation.read === false && access.length === 0 ? [] : yama
  // Yama refuses no READ, and whom the target named with PR_SET_PTRACER is not shown: at scope 1 it
  // may well allow what a module refuses that is asked later, so that one is named first.
  const place = ({ id }: Cause): number =>
    id === 'yama-restricted' && modules.length > 0 ? order.indexOf('lsm') + 0.5 : order.indexOf(id)
  const causes = [...refusals(rules.state, situation), ...access, ...next]
  return {
    causes: causes.sort((a, b) => place(a) - place(b)),
    suspicion: explained && modules.length === 0 ? unaskedModules(situation) : null,
  }
}
