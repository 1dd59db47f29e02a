import type { Examination } from '../engine/index.js'
import { type Cause, causes as order } from '../model/index.js'
import { type Circumstances, caseOf } from './evidence.js'
import { rules } from './rules/index.js'
import { unaskedModules } from './rules/modules.js'
import { refusals } from './rules/rule.js'
import { type Attributed, answer } from './verdict.js'

/**
 * Says whether the tracer may attach and which rules refuse, from what an examination found.
 *
 * The rules and their order: ptrace(2), "Ptrace access mode checking", and kernel/ptrace.c.
 */
export function attribute(examination: Examination, circumstances: Circumstances): Attributed {
  const known = caseOf(examination, circumstances)
  const credentials = refusals(rules.credentials, known)
  const yama = refusals(rules.yama, known)
  // Where READ is refused, Yama was not asked: it explains nothing, but would refuse next.
  const explained = credentials.length > 0 || (known.read !== false && yama.length > 0)
  // SELinux can be asked; the others are what is left.
  const answered = refusals(rules.selinux, known)
  const modules = answered.length > 0 || explained ? answered : refusals(rules.modules, known)
  const access = [...credentials, ...modules]
  const next = known.read === false && access.length === 0 ? [] : yama
  // Yama refuses no READ, and whom the target named with PR_SET_PTRACER is not shown: at scope 1 it
  // may well allow what a module refuses that is asked later, so that one is named first.
  const place = ({ id }: Cause): number =>
    id === 'yama-restricted' && modules.length > 0 ? order.indexOf('lsm') + 0.5 : order.indexOf(id)
  const causes = [...refusals(rules.state, known), ...access, ...next]
  return answer(
    known,
    causes.sort((a, b) => place(a) - place(b)),
    explained && modules.length === 0 ? unaskedModules(known) : null,
  )
}
