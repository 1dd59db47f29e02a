import {
  type DecidedScope,
  type DeclaredScope,
  declaredDiffers,
  type EffectiveScope,
  type EnforcedScope,
  type Identity,
  type Measurement,
  type NoYama,
  type Scope,
  type ScopeReport,
  scopeNames,
  scopes,
  type UndecidedScope,
} from '../model/index.js'
import { type Access, type Evidence as Attempts, access, evidenceOf } from './evidence.js'
import { familyId } from './scenarios.js'

/**
 * Which scope the kernel enforces, from behaviour alone. No sysctl is read to decide; `declared` is
 * only compared with the result.
 *
 * The rules behind it: Documentation/admin-guide/LSM/Yama.rst and ptrace(2), "Ptrace access mode
 * checking". Yama looks at PTRACE_MODE_ATTACH alone and after every other rule of the kernel's own,
 * so that a refusal by Yama always stands beside READ access that is granted.
 */
export function judge(measurement: Measurement, declared: DeclaredScope): ScopeReport {
  const { capSysPtrace, label } = measurement
  const evidence: Evidence = {
    ...evidenceOf(measurement),
    capable: capSysPtrace.effective,
    confined: label !== null && !label.startsWith('unconfined'),
  }
  const enforced = judgeEnforced(evidence)
  return {
    enforced,
    effective: judgeEffective(evidence, enforced),
    declared,
    agrees:
      enforced.value === null || declared.value === null
        ? null
        : !declaredDiffers({ declared, enforced }),
  }
}

interface Evidence extends Attempts {
  /** The caller has CAP_SYS_PTRACE in its effective set. */
  readonly capable: boolean
  /** A mandatory access control module may have a say in what the caller does. */
  readonly confined: boolean
}

/** READ access to its child, which no scope of Yama's ever refuses. */
function mayRead({ controls }: Evidence, identity: Identity): boolean | null {
  return controls.get(`${familyId(identity, 'child', 'none')}/read`)?.passes ?? null
}

/** Whether Yama is there: it alone answers 0 to PR_SET_PTRACER(0), the kernel without it EINVAL. */
function yamaPresence({ controls }: Evidence): boolean | null {
  const control = controls.get('control/yama')
  if (control?.passes === true) return true
  return control?.errno === 'EINVAL' ? false : null
}

function judgeEnforced(evidence: Evidence): EnforcedScope {
  const yama = yamaPresence(evidence)
  const child = access(evidence, 'unprivileged', 'child')
  if (child.allowed === null) return undecided(scopes, yama, [])
  return child.allowed
    ? judgeGrantedChild(evidence, yama, child)
    : judgeRefusedChild(evidence, yama, child)
}

/** Children may be attached to: scope 0, scope 1, or no Yama. */
function judgeGrantedChild(evidence: Evidence, yama: boolean | null, child: Access): EnforcedScope {
  const sibling = access(evidence, 'unprivileged', 'sibling')
  const seen = [...child.ids, ...sibling.ids, 'control/yama']
  if (sibling.allowed === null) return undecided([0, 1], yama, seen)
  if (sibling.allowed) {
    if (yama === true) return decided(0, 'proved', seen)
    if (yama === false) return noYama(seen)
    // PR_SET_PTRACER is filtered: scope 0 and no Yama behave alike.
    return undecided([0], yama, seen)
  }
  const consenting = access(evidence, 'unprivileged', 'sibling', 'any')
  const all = [...seen, ...consenting.ids]
  if (consenting.allowed === true) return decided(1, 'proved', all)
  // Refused even though the target consented, or without any Yama: some other module relates
  // tracer and target.
  if (consenting.allowed === false || yama === false) return undecided([], yama, all)
  return decided(1, 'inferred', all)
}

/** Not even children may be attached to: scope 2, scope 3, or a rule that is not Yama's. */
function judgeRefusedChild(evidence: Evidence, yama: boolean | null, child: Access): EnforcedScope {
  const read = familyId('unprivileged', 'child', 'none')
  const seen = [...child.ids, `${read}/read`, 'control/yama']
  if (mayRead(evidence, 'unprivileged') !== true || macMayRefuse(evidence, 'unprivileged')) {
    // A rule that comes before Yama, or beside it, refused: nothing is known of the scope.
    return undecided(scopes, yama, seen)
  }
  if (yama === false) return undecided([], yama, seen)
  const privileged: Identity = evidence.capable ? 'caller' : 'owner'
  const tried = access(evidence, privileged, 'child')
  const all = [...seen, ...tried.ids]
  const certainty = yama === true ? 'proved' : 'inferred'
  if (tried.allowed === true) return decided(2, certainty, all)
  // The positive control: READ access shows that no rule before Yama stands between this tracer and
  // its target, and no MAC module does either.
  const onlyYama = mayRead(evidence, privileged) === true && !macMayRefuse(evidence, privileged)
  if (tried.allowed === false && onlyYama) {
    const telling = ptraceErrors(evidence, privileged).length > 0
    return decided(3, telling ? certainty : 'inferred', all)
  }
  return undecided([2, 3], yama, all)
}

const ptraceMethods = ['attach', 'seize'] as const

/**
 * The errors with which ptrace(2) itself refused `identity` its child. There are none where ptrace
 * is filtered, or the child has a tracer already.
 */
function ptraceErrors({ view, controls }: Evidence, identity: Identity): readonly string[] {
  return ptraceMethods.flatMap((method) => {
    const cell = view.get(`${familyId(identity, 'child', 'none')}/${method}`)
    const reached = controls.get(`control/${method}`)?.passes === true
    return reached && cell?.status === 'denied' && cell.errno !== null ? [cell.errno] : []
  })
}

/**
 * SELinux, AppArmor and Smack answer EACCES to ptrace(2), Yama never does; the other methods answer
 * alike for both. Without ptrace's own errno only a caller that no module confines can be sure.
 */
function macMayRefuse(evidence: Evidence, identity: Identity): boolean {
  const errors = ptraceErrors(evidence, identity)
  return errors.length === 0 ? evidence.confined : errors.includes('EACCES')
}

function decided(
  value: Scope,
  certainty: DecidedScope['certainty'],
  evidence: readonly string[],
): DecidedScope {
  return { value, name: scopeNames[value], candidates: [value], certainty, evidence }
}

function noYama(evidence: readonly string[]): NoYama {
  return { value: null, name: 'no-yama', candidates: [], certainty: 'proved', evidence }
}

/** Without Yama there is no scope, so there are no candidates either. */
function undecided(
  candidates: readonly Scope[],
  yama: boolean | null,
  evidence: readonly string[],
): UndecidedScope {
  return {
    value: null,
    name: 'undetermined',
    candidates: yama === false ? [] : candidates,
    certainty: 'undetermined',
    evidence,
  }
}

/** What this process experiences when it calls ptrace(2), whatever the reason. */
function judgeEffective(evidence: Evidence, enforced: EnforcedScope): EffectiveScope {
  const blocked = ptraceMethods.filter(
    (method) => evidence.controls.get(`control/${method}`)?.passes === false,
  )
  if (blocked.length === ptraceMethods.length) {
    return { value: null, name: 'blocked', evidence: blocked.map((method) => `control/${method}`) }
  }
  const child = access(evidence, 'caller', 'child')
  const sibling = access(evidence, 'caller', 'sibling')
  const ids = [...child.ids, ...sibling.ids]
  if (child.allowed === true && sibling.allowed !== null) {
    const value = sibling.allowed ? 0 : 1
    return { value, name: scopeNames[value], evidence: ids }
  }
  if (child.allowed === false && enforced.value !== null && enforced.value >= 2) {
    return { value: enforced.value, name: scopeNames[enforced.value], evidence: ids }
  }
  const refusedByOther = child.allowed === false && !enforced.candidates.some((scope) => scope >= 2)
  return { value: null, name: refusedByOther ? 'blocked' : 'undetermined', evidence: ids }
}
