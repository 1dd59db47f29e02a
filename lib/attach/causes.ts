import { type Cause, type CauseId, causes as kernelOrder } from '../model/index.js'
import type { Situation } from './evidence.js'
import { rules } from './rules/index.js'
import { unaskedModules } from './rules/modules.js'
import { refusals } from './rules/rule.js'

/**
 * The order where a module refuses. Yama's scope 1 goes after all modules: the target may have named
 * the tracer with PR_SET_PTRACER, which the kernel does not show, and then Yama allows what the module
 * refuses.
 */
const modulesFirst = kernelOrder.flatMap((id): readonly CauseId[] => {
  if (id === 'yama-restricted') return []
  return id === 'lsm' ? ['lsm', 'yama-restricted'] : [id]
})

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
  // Where READ is refused, the kernel did not ask Yama: that explains nothing, but refuses next.
  const explained = credentials.length > 0 || (situation.read !== false && yama.length > 0)
  // SELinux says itself whether it refuses. Another module is blamed only where no rule explains it.
  const answered = refusals(rules.selinux, situation)
  const modules = answered.length > 0 || explained ? answered : refusals(rules.modules, situation)
  const access = [...credentials, ...modules]
  const next = situation.read === false && access.length === 0 ? [] : yama
  const causes = [...refusals(rules.state, situation), ...access, ...next]
  const order = modules.length > 0 ? modulesFirst : kernelOrder
  return {
    causes: causes.sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id)),
    suspicion: explained && modules.length === 0 ? unaskedModules(situation) : null,
  }
}
