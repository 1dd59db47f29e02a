import type { Control } from './attempts.js'
import { type Consent, consentRows } from './consents.js'
import { type Method, methodRows } from './methods.js'
import { type Relation, relationRows } from './relations.js'
import type { CallerFacts } from './report.js'
import type { Scope } from './scopes.js'

/** What tells whether Yama is active. */
export interface YamaSigns {
  /** What answered to PR_SET_PTRACER(0); undefined: it was not tried. */
  readonly control: Pick<Control, 'passes' | 'errno'> | undefined
  /** What the files of the kernel say; null: nothing. */
  readonly files: boolean | null
  readonly seccomp: CallerFacts['seccomp']
}

/**
 * Whether Yama is there; null: not known. It alone answers 0 to PR_SET_PTRACER(0), the kernel without
 * it EINVAL (prctl(2)). A filter can answer EINVAL, too. So EINVAL counts only where the kernel's files
 * do not show Yama, and unless there is no filter, only if they show that it is absent.
 */
export function yamaPresence({ control, files, seccomp }: YamaSigns): boolean | null {
  if (control?.passes === true) return true
  if (control?.errno !== 'EINVAL' || files === true) return null
  return files === false || seccomp === 'disabled' ? false : null
}

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
  const asksAttach = method === null || methodRows[method].attachRank !== null
  return asksAttach && !relationRows[relation].descends && !consentRows[consent].admits
}
