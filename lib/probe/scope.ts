import {
  type Control,
  type DecidedScope,
  type DeclaredScope,
  declaredDiffers,
  type EffectiveScope,
  type EnforcedScope,
  type EvidenceIds,
  type Measurement,
  type NoYama,
  type Scope,
  type ScopeReport,
  type Scopes,
  scopeNames,
  type UndecidedScope,
  yamaPresence,
} from '../model/index.js'
import { access, type Evidence, evidenceOf } from './evidence.js'
import { type Hypothesis, hypotheses, type Testimony, testimonies } from './testimonies.js'

/** How many attempts must contradict a scope before it is ruled out for certain. */
const witnessesNeeded = 2

/**
 * Which scope the kernel enforces, from behaviour alone. No sysctl is read to decide; `declared` is
 * only compared with the result.
 *
 * A scope is concluded where nothing contradicts it and something contradicts every other. It is
 * proved where at least two families contradict each of the others: no single answer that is wrong
 * can then make another scope of it.
 */
export function judge(measurement: Measurement, declared: DeclaredScope): ScopeReport {
  const evidence = evidenceOf(measurement)
  const yama = presenceOf(measurement)
  const { label } = measurement
  const confined = label !== null && !label.startsWith('unconfined')
  const heard = testimonies({ ...evidence, yama, confined })
  const enforced = judgeEnforced(heard, isDirect(measurement))
  return {
    yama,
    enforcing: isEnforcing(yama, enforced),
    enforced,
    effective: judgeEffective(evidence, enforced),
    declared,
    agrees:
      enforced.value === null || declared.value === null
        ? null
        : !declaredDiffers({ declared, enforced }),
  }
}

/** Whether every scope that is possible restricts something. */
function isEnforcing(yama: boolean | null, { candidates }: EnforcedScope): boolean | null {
  if (yama === false) return false
  if (yama === null || candidates.length === 0) return null
  if (candidates.every((scope) => scope > 0)) return true
  return candidates.every((scope) => scope === 0) ? false : null
}

/** An emulator's answer says nothing of the kernel. */
function presenceOf(measurement: Measurement): boolean | null {
  const { controls, seccomp, yama: files } = measurement
  const control = controls.find(({ id }) => id === 'control/yama')
  const presence = yamaPresence({ control, files, seccomp })
  return presence === false && !isDirect(measurement) ? null : presence
}

/** Without a filter, another answer than the kernel's to a control of ptrace is an emulator's. */
function isDirect({ controls, seccomp, emulator }: Measurement): boolean {
  const isForeign = ({ id, passes }: Control): boolean =>
    passes === false && (id === 'control/attach' || id === 'control/seize')
  return emulator === null && (seccomp === 'filter' || !controls.some(isForeign))
}

function judgeEnforced(heard: readonly Testimony[], direct: boolean): EnforcedScope {
  const judged = hypotheses.map((hypothesis) => ({ hypothesis, ...heldAgainst(hypothesis, heard) }))
  const fitting = judged.filter(({ ids }) => ids === null).map(({ hypothesis }) => hypothesis)
  const [fit, ...others] = fitting
  const rivals = judged.filter(({ hypothesis }) => hypothesis !== fit)
  const evidence = [...new Set(rivals.flatMap(({ ids }) => ids ?? []))]
  if (fit === undefined) return undecided([], evidence)
  const proved = rivals.every(({ certain }) => certain >= witnessesNeeded)
  if (!fit.yama) return fit.as === 0 && proved ? noYama(evidence) : undecided([], evidence)
  // Scope 0 and no Yama behave alike. A rule that behaves like one of the others is unlikely.
  const isOne = fitting.every(({ as }) => as === fit.as) && (fit.as > 0 || others.length === 0)
  if (isOne) return decided(fit.as, proved && direct ? 'proved' : 'inferred', evidence)
  return undecided(
    fitting.filter(({ yama }) => yama).map(({ as }) => as),
    evidence,
  )
}

/** What contradicts that hypothesis, null where nothing does; and how many say so for certain. */
function heldAgainst(hypothesis: Hypothesis, heard: readonly Testimony[]) {
  const voices = heard.flatMap(({ ids, against }) => {
    const weight = against(hypothesis)
    return weight === null ? [] : [{ ids, weight }]
  })
  return {
    ids: voices.length === 0 ? null : voices.slice(0, witnessesNeeded).flatMap(({ ids }) => ids),
    certain: voices.filter(({ weight }) => weight === 'certain').length,
  }
}

const ptraceMethods = ['attach', 'seize'] as const

function decided(
  value: Scope,
  certainty: DecidedScope['certainty'],
  evidence: EvidenceIds,
): DecidedScope {
  return { value, name: scopeNames[value], candidates: [value], certainty, evidence }
}

function noYama(evidence: EvidenceIds): NoYama {
  return { value: null, name: 'no-yama', candidates: [], certainty: 'proved', evidence }
}

/** The attempts leave several scopes, or none. */
function undecided(candidates: Scopes, evidence: EvidenceIds): UndecidedScope {
  return {
    value: null,
    name: 'undetermined',
    candidates,
    certainty: 'undetermined',
    evidence,
  }
}

/** Two questions got the one answer that the first of them expects, so the kernel did not answer. */
function isForeign({ controls }: Evidence, method: (typeof ptraceMethods)[number]): boolean {
  const control = controls.get(`control/${method}`)
  return control?.passes === false && control.errno === 'ESRCH'
}

/** What this process experiences when it calls ptrace(2), whatever the reason. */
function judgeEffective(evidence: Evidence, enforced: EnforcedScope): EffectiveScope {
  const blocked = ptraceMethods.filter(
    (method) => evidence.controls.get(`control/${method}`)?.passes === false,
  )
  if (blocked.length === ptraceMethods.length) {
    return {
      value: null,
      name: 'blocked',
      evidence: blocked.map((method) => `control/${method}` as const),
    }
  }
  const foreign = ptraceMethods.find((method) => isForeign(evidence, method))
  if (foreign !== undefined) {
    return { value: null, name: 'undetermined', evidence: [`control/${foreign}`] }
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
