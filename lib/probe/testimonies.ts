import {
  type Consent,
  type EvidenceIds,
  type Observation,
  type Relation,
  relationRows,
  type Scope,
  scopes,
  yamaRefuses,
} from '../model/index.js'
import {
  type Access,
  access,
  capabilityGranted,
  type Evidence,
  isContradictory,
} from './evidence.js'
import { familyId } from './scenarios.js'

/** What the machine may be: with Yama or without, and as which scope it behaves either way. */
export interface Hypothesis {
  /** False with scope 0: nothing restricts. False with another: a rule that behaves like it. */
  readonly yama: boolean
  readonly as: Scope
}

/** All of them. One is true, unless a rule behaves like no scope. */
export const hypotheses: readonly Hypothesis[] = [true, false].flatMap((yama) =>
  scopes.map((as) => ({ yama, as })),
)

/**
 * How surely something contradicts. `likely`: the refusal may be another rule's.
 */
export type Weight = 'certain' | 'likely'

/** What one family, or one control, says of the hypotheses. */
export interface Testimony {
  readonly ids: EvidenceIds
  /** Whether it contradicts that one; null: it does not. */
  readonly against: (hypothesis: Hypothesis) => Weight | null
}

/** What the attempts are judged by. */
export interface Circumstances extends Evidence {
  /** Whether Yama is there; null when that is not known. */
  readonly yama: boolean | null
  /** A mandatory access control module may have a say in what the caller does. */
  readonly confined: boolean
}

/**
 * The identities that are heard. Of these alone is it known what Yama makes of them: one without
 * capabilities, and those for which CAP_SYS_PTRACE was tried.
 */
const witnesses = ['unprivileged', 'owner', 'caller'] as const
type Witness = (typeof witnesses)[number]

interface Family {
  readonly identity: Witness
  readonly relation: Relation
  readonly consent: Consent
}

/** A family with what its attempts come to. */
interface Heard extends Family {
  readonly cells: readonly Observation[]
  readonly answer: Access
  /** The errors with which ptrace(2) itself refused; none where it is filtered or was not reached. */
  readonly errors: readonly string[]
}

/** Everything that tells one hypothesis from another. */
export function testimonies(known: Circumstances): Testimony[] {
  const heard = familiesOf(known)
  const { yama } = known
  const presence: Testimony = {
    ids: ['control/yama'],
    against: (each) => (yama !== null && each.yama !== yama ? 'certain' : null),
  }
  return [presence, ...heard.map((family) => testimonyOf(known, heard, family))]
}

/** The families that were tried, those that are read first in front. */
function familiesOf(known: Circumstances): Heard[] {
  const families = new Map<string, Family & { cells: Observation[] }>()
  for (const cell of known.view.values()) {
    const { relation, consent } = cell
    const identity = witnesses.find((each) => each === cell.identity)
    if (identity === undefined) continue
    const id = familyId(identity, relation, consent)
    const family = families.get(id) ?? { identity, relation, consent, cells: [] }
    family.cells.push(cell)
    families.set(id, family)
  }
  return [...families.values()]
    .sort((a, b) => rank(a) - rank(b))
    .map((family) => ({
      ...family,
      answer: access(known, family.identity, family.relation, family.consent),
      errors: ptraceErrors(known, family.cells),
    }))
}

const relationOrder = Object.keys(relationRows)

function rank({ identity, relation }: Family): number {
  return witnesses.indexOf(identity) * relationOrder.length + relationOrder.indexOf(relation)
}

function ptraceErrors({ controls }: Circumstances, cells: readonly Observation[]): string[] {
  return cells.flatMap(({ method, status, errno }) => {
    const reached = controls.get(`control/${method}`)?.passes === true
    const asked = method === 'attach' || method === 'seize'
    return asked && reached && status === 'denied' && errno !== null ? [errno] : []
  })
}

/**
 * SELinux, AppArmor and Smack answer EACCES to ptrace(2), Yama never does; the other methods answer
 * alike for both.
 */
const moduleError = 'EACCES'

function testimonyOf(known: Circumstances, heard: readonly Heard[], family: Heard): Testimony {
  const { identity, relation, consent, cells, answer } = family
  const refusal = answer.allowed === false ? weightOfRefusal(known, heard, family) : null
  const capable = isCapable(known, heard, identity)
  const contradictory = contradictsItself(known, heard, family)
  const passed = hasPassedYama(heard, family)
  const worked = consent === 'none' ? [] : cells.filter(isMade)
  const unknown = known.yama === false ? cells.filter(isUnknownCall) : []
  const refuses = ({ as }: Hypothesis, held: boolean) =>
    yamaRefuses(as, { capable: held, relation, consent, method: null })
  const against = (each: Hypothesis): Weight | null => {
    if (contradictory || (each.yama ? unknown : worked).length > 0) return 'certain'
    // What is granted without the capability is granted with it.
    if (answer.allowed === true) return refuses(each, capable !== false) ? 'certain' : null
    if (passed) return refuses(each, capable !== false) ? 'likely' : null
    return refusal !== null && !refuses(each, capable === true) ? refusal : null
  }
  const naming = [...worked, ...unknown].slice(0, 1).map(({ id }) => id)
  return { ids: answer.ids.length > 0 ? answer.ids : naming, against }
}

/** An attempt on a target that could name a process: where Yama is, and only there. */
function isMade({ status }: Observation): boolean {
  return status === 'allowed' || status === 'denied'
}

/** PR_SET_PTRACER is not known here. A filter may say so, too: it counts where the control does. */
function isUnknownCall({ step, errno }: Observation): boolean {
  return step === 'consent' && errno === 'EINVAL'
}

/** No kernel answers so, whatever rules it has. */
function contradictsItself(
  known: Circumstances,
  heard: readonly Heard[],
  { identity, answer, errors }: Heard,
): boolean {
  const byModule = errors.includes(moduleError)
  return (
    isContradictory(answer) ||
    // ATTACH access takes all that READ access does (ptrace(2), "Ptrace access mode checking").
    (answer.allowed === true && mayRead(known, identity) === false) ||
    (byModule && errors.some((error) => error !== moduleError)) ||
    // A module judges labels, and all targets of these have the same.
    (byModule && grantsAlike(heard, identity).length > 0)
  )
}

/**
 * A module refused this one after Yama had let it pass, since Yama refused others. Where a module
 * refuses all, it may be asked before Yama.
 */
function hasPassedYama(heard: readonly Heard[], { identity, errors }: Heard): boolean {
  return (
    errors.includes(moduleError) &&
    heard.some(
      (each) =>
        isAlike(each.identity, identity) &&
        !each.errors.includes(moduleError) &&
        each.errors.length > 0,
    )
  )
}

/** Whether CAP_SYS_PTRACE decides for it; null: not known. */
function isCapable(
  known: Circumstances,
  heard: readonly Heard[],
  identity: Witness,
): boolean | null {
  if (identity === 'unprivileged') return false
  // Over a user namespace below its own a tracer gets as far as that only with the capability.
  const isOwner = identity === 'owner' && hasPassedCredentials(heard, identity)
  return isOwner || capabilityGranted(known, identity)
}

/** It was granted a target, or refused one by a module, which is asked after the credentials. */
function hasPassedCredentials(heard: readonly Heard[], identity: Witness): boolean {
  return heard.some(
    (each) =>
      each.identity === identity &&
      (each.answer.allowed === true || each.errors.includes(moduleError)),
  )
}

/** READ access to its child, which no scope of Yama's ever refuses; null: not known. */
function mayRead({ controls }: Circumstances, identity: Witness): boolean | null {
  const answer = controls.get(`${familyId(identity, 'child', 'none')}/read`)?.passes ?? null
  // A call that a filter answers says nothing of the child.
  return answer === false && controls.get('control/read')?.passes !== true ? null : answer
}

/** How surely it is Yama that refused; null: it may have been a rule before it or beside it. */
function weightOfRefusal(
  known: Circumstances,
  heard: readonly Heard[],
  { identity, errors }: Heard,
): Weight | null {
  const alike = grantsAlike(heard, identity)
  const reads = mayRead(known, identity)
  // The rules before Yama treat all targets of one identity alike.
  const passed =
    reads === true ||
    (reads === null && isCapable(known, heard, identity) === true) ||
    hasPassedCredentials(heard, identity)
  if (!passed || errors.includes(moduleError)) return null
  if (errors.length > 0 || alike.length > 0) return 'certain'
  if (known.confined) return null
  return heard.some(({ answer }) => answer.allowed === true) ? 'certain' : 'likely'
}

/** What was granted to targets with the same label: a module grants it every such target. */
function grantsAlike(heard: readonly Heard[], identity: Witness): Heard[] {
  return heard.filter((each) => each.answer.allowed === true && isAlike(each.identity, identity))
}

/** A user namespace may come with another label (AppArmor's unprivileged_userns). */
function isAlike(one: Witness, other: Witness): boolean {
  return (one === 'owner') === (other === 'owner')
}
