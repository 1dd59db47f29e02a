import { type Consent, consentRows } from './consents.js'
import { type Method, methodRows } from './methods.js'
import { type Relation, relationRows } from './relations.js'
import type { Scope } from './scopes.js'

/** What Yama looks at in one attempt. */
export interface Asked {
  /** The tracer has CAP_SYS_PTRACE over the target's user namespace. */
  readonly capable: boolean
  readonly relation: Relation
  readonly consent: Consent
  /** Null: any of those that ask for PTRACE_MODE_ATTACH. */
  readonly method: Method | null
}

/**
 * Whether Yama refuses at that scope: `yama_ptrace_access_check` and `yama_ptrace_traceme`
 * (security/yama/yama_lsm.c).
 */
export function yamaRefuses(scope: Scope, { capable, relation, consent, method }: Asked): boolean {
  if (scope === 3) return true
  if (capable || scope === 0) return false
  if (scope === 2) return true
  const asksAttach = method === null || methodRows[method].asksAttach
  return asksAttach && !relationRows[relation].descends && !consentRows[consent].admits
}
