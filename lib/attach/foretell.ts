import type { Cause } from '../model/index.js'
import type { Situation } from './evidence.js'
import { isNotDumpable } from './rules/credentials.js'
import { rules } from './rules/index.js'
import { moduleMayRefuse } from './rules/labels.js'
import { refusals } from './rules/rule.js'

/** What the rules come to for a tracer that cannot be asked as, only read about. */
export interface Foretold {
  /** The rules that refuse, in the kernel's order. */
  readonly causes: readonly Cause[]
  /** What may refuse and cannot be known, as clauses; empty where nothing may. */
  readonly unknown: readonly string[]
}

/** How a rule decides: it refuses, it does not, or why that cannot be told. */
type Decision = boolean | string

/**
 * Foretells what the kernel would answer this tracer, rule by rule. Nothing was asked: `access` of the
 * situation is not looked at. Causes are inferred.
 *
 * @param alike - what refused a process that descends from the same ones, and so is the same to Yama,
 *   except for its capabilities
 */
export function foretell(given: Situation, alike: readonly Cause[] = []): Foretold {
  // What the rules would say of a refusal that is theirs.
  const situation: Situation = { ...given, access: 'denied', read: null }
  const decided: readonly (readonly [Decision, keyof typeof rules])[] = [
    [credentialsRefuse(situation), 'credentials'],
    [yamaRefuses(situation, alike), 'yama'],
    [modulesRefuse(situation), 'modules'],
  ]
  const state = refusals(rules.state, situation)
  const causes = decided.flatMap(([refuses, group]) =>
    refuses === true ? refusals(rules[group], situation) : [],
  )
  const unknown = decided.flatMap(([refuses]) => (typeof refuses === 'string' ? [refuses] : []))
  // Two rules may depend on the same thing, which is told once.
  return { causes: [...state, ...causes], unknown: [...new Set(unknown)] }
}

/** ptrace(2), "Ptrace access mode checking", steps 2 to 4, and step 5's rule of capabilities. */
function credentialsRefuse(situation: Situation): Decision {
  const { self, target, capable, oneNamespace } = situation
  if (self.status === null || target.status === null) return '/proc does not show its credentials'
  if (capable === true) {
    return target.owners === null && oneNamespace !== true ? 'its memory cannot be seen' : false
  }
  const [uid, gid] = [self.status.uids[0], self.status.gids[0]]
  const isOwner =
    target.status.uids.every((id) => id === uid) && target.status.gids.every((id) => id === gid)
  const lacks = (target.status.capPermitted & ~self.status.capPermitted) !== 0n
  const isRefused =
    !isOwner || isNotDumpable(situation) || oneNamespace === false || (oneNamespace && lacks)
  if (capable === null) {
    return isRefused !== false ? 'who made its user namespace is not shown' : false
  }
  if (isRefused === true) return true
  if (oneNamespace === null) return 'its user namespace cannot be seen'
  // The files of root's processes belong to root, dumpable or not.
  if (target.owners === null || target.owners.directoryUid === 0) {
    return 'whether it is dumpable is not shown'
  }
  return false
}

/** Documentation/admin-guide/LSM/Yama.rst. */
function yamaRefuses(
  { circumstances, capable, examination }: Situation,
  alike: readonly Cause[],
): Decision {
  const { scope, controls, selfPid, method } = circumstances
  if (method === 'read' || scope === 0) return false
  if (scope === null) return controls.yama === false ? false : 'the scope of Yama cannot be read'
  if (scope === 3) return true
  if (capable === true) return false
  if (scope === 2) return capable === false ? true : 'who made its user namespace is not shown'
  const ancestors = examination.closer?.ancestors ?? []
  if (selfPid !== null && ancestors.some(({ pid }) => pid === selfPid)) return false
  if (capable === false && alike.some(({ id }) => id === 'yama-restricted')) return true
  return capable === false
    ? 'it is no descendant of the tracer, which scope 1 refuses unless it named the tracer with PR_SET_PTRACER, and that is not shown'
    : 'who made its user namespace is not shown'
}

function modulesRefuse(situation: Situation): Decision {
  return moduleMayRefuse(situation) ? 'a security module may refuse it' : false
}
