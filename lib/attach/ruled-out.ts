import { list } from '../model/index.js'
import { initialUserNamespace, type Situation } from './evidence.js'
import { methodRows } from './methods.js'
import { macMayRefuse } from './rules/labels.js'
import { yamaMayRefuse } from './rules/yama.js'

/** One kind of rule that does not refuse, and how that is known; null: it may refuse. */
type Exclusion = (situation: Situation) => string | null

/** Which rules are known not to refuse, in the kernel's order. */
const exclusions: readonly Exclusion[] = [
  ({ circumstances: { controls, method } }) =>
    method !== 'read' && controls.call.works === true
      ? `a seccomp filter (${methodRows[method].call} reaches the kernel)`
      : null,
  credentials,
  yama,
  ({ circumstances: { controls } }) =>
    controls.landlockDomains === 0 ? 'Landlock (the tracer is in no domain)' : null,
  modules,
  ({ target: { status } }) => (status?.tracer === 0 ? 'another tracer (TracerPid is 0)' : null),
]

/** ptrace(2), "Ptrace access mode checking", steps 3 to 5: they refuse READ and ATTACH alike. */
function credentials({ read, capable, self, target, oneNamespace }: Situation): string | null {
  const all = 'ids, the dumpable flag, capabilities and user namespaces'
  if (read === true) return `${all} (reading is granted)`
  // Over a namespace further out, which the flag may belong to, a capability counts for nothing.
  if (capable === true) {
    const known =
      self.userNamespace === initialUserNamespace ? all : 'ids, capabilities and user namespaces'
    return `${known} (the tracer has CAP_SYS_PTRACE)`
  }
  if (self.status === null || target.status === null || oneNamespace !== true) return null
  return 'user namespaces (both are in one)'
}

function yama(situation: Situation): string | null {
  const { read, capable, circumstances } = situation
  const { scope, controls } = circumstances
  if (controls.yama === false) return 'Yama (the kernel does not know PR_SET_PTRACER)'
  if (read === false) return 'Yama (reading is refused, which it never does)'
  if (yamaMayRefuse(situation)) return null
  if (scope === 0) return 'Yama (scope 0)'
  return capable === true ? 'Yama (the tracer has CAP_SYS_PTRACE)' : 'Yama (the tracer is exempt)'
}

function modules(situation: Situation): string | null {
  const { selinux, lsm } = situation.circumstances
  if (macMayRefuse(situation)) return null
  if (selinux?.attach === true) return 'SELinux (its policy grants it)'
  const names = ['SELinux', 'AppArmor', ...(lsm === null ? [] : ['Smack'])]
  return `${list(names)} (neither process is confined by one)`
}

/** What is known not to refuse, as a clause; null: nothing. */
export function ruledOut(situation: Situation): string | null {
  const known = exclusions.flatMap((exclude) => exclude(situation) ?? [])
  return known.length === 0 ? null : `ruled out: ${known.join(', ')}`
}
