import {
  attachMethods,
  type Consent,
  type Control,
  type ControlId,
  type EvidenceIds,
  type Identity,
  keysOf,
  type Method,
  methodRows,
  type Observation,
  type Relation,
  type Report,
  type ScopeReport,
} from '../model/index.js'
import { refusals } from './observations.js'
import { familyId, observationId } from './scenarios.js'

/** Attempts and controls by their ids. */
export interface Evidence {
  readonly view: ReadonlyMap<string, Observation>
  readonly controls: ReadonlyMap<string, Control>
}

/**
 * Whether a tracer may get at a target at all, whatever the method, and what says so. Null with ids:
 * those attempts contradict each other.
 */
export interface Access {
  readonly allowed: boolean | null
  readonly ids: EvidenceIds
}

/** The attempts and controls of a measurement, to be looked up. */
export function evidenceOf({
  observations,
  controls,
}: Pick<Report, 'observations' | 'controls'>): Evidence {
  return {
    view: new Map(observations.map((observation) => [observation.id, observation])),
    controls: new Map(controls.map((control) => [control.id, control])),
  }
}

/**
 * The consent whose attempts decide. Without Yama no target can name a tracer, and none needs to: an
 * attempt on a target that named no process decides for all.
 */
export function decidingConsent({ yama }: Pick<ScopeReport, 'yama'>, consent: Consent): Consent {
  return yama === false ? 'none' : consent
}

/**
 * The identities that may have CAP_SYS_PTRACE over their child, and the control that proves it: READ
 * access that takes the capability, because the child is not dumpable, or lives in a user namespace
 * below (ptrace(2), "Ptrace access mode checking"). Yama never refuses it.
 */
const capabilityProofs = {
  caller: 'caller/child/read-protected',
  owner: 'owner/child/read',
} as const satisfies Partial<Record<Identity, ControlId>>
const capableIdentities = keysOf(capabilityProofs)
type CapableIdentity = keyof typeof capabilityProofs

/** Whether CAP_SYS_PTRACE was tried and granted; null where that is not known. */
export function capabilityGranted(
  { controls }: Pick<Evidence, 'controls'>,
  identity: CapableIdentity,
): boolean | null {
  const proof = controls.get(capabilityProofs[identity])?.passes ?? null
  if (proof !== false || identity === 'owner') return proof
  // Where READ access is refused without it, too, another rule refuses, and nothing is known.
  return controls.get(`${familyId(identity, 'child', 'none')}/read`)?.passes === true ? false : null
}

/** The access of a tracer with CAP_SYS_PTRACE, and which identity showed it. */
export type CapableAccess =
  | (Access & { readonly identity: CapableIdentity; readonly allowed: boolean })
  | (Access & { readonly identity: null; readonly allowed: null })

/**
 * The access of a tracer with CAP_SYS_PTRACE. Its refusal counts only where the capability was
 * granted: capget(2) shows what a security module may withhold.
 */
export function capableAccess(
  evidence: Evidence,
  relation: Relation,
  consent: Consent = 'none',
): CapableAccess {
  const tried = capableIdentities.map((identity) => {
    return { identity, ...access(evidence, identity, relation, consent) }
  })
  const granted = tried.find(({ allowed }) => allowed === true)
  if (granted !== undefined) return { ...granted, allowed: true }
  const refused = tried.find(
    ({ identity, allowed }) => allowed === false && capabilityGranted(evidence, identity) === true,
  )
  if (refused === undefined) {
    return { identity: null, allowed: null, ids: tried.flatMap(({ ids }) => ids) }
  }
  const { identity, ids } = refused
  return { identity, allowed: false, ids: [...ids, capabilityProofs[identity]] }
}

/**
 * `/proc/PID/mem` is also a file, and rules about files may refuse it alone (proc_pid_mem(5)). Its
 * refusal beside a grant says nothing.
 */
const isFile: ReadonlySet<Method> = new Set<Method>(['proc-mem'])

/**
 * One answer for all methods, since every method passes through the same check (ptrace(2), "Ptrace
 * access mode checking"). So a grant beside a refusal is a contradiction, from which nothing follows.
 * Refusals count only where a rule about processes answers so, and where the method's control shows
 * that it is the target that was judged, and not the system call.
 */
export function access(
  { view, controls }: Evidence,
  identity: Identity,
  relation: Relation,
  consent: Consent = 'none',
): Access {
  const counted = attachMethods.flatMap((method) => {
    const id = observationId(identity, relation, consent, method)
    const cell = view.get(id)
    // A filter that lets the control pass may answer ENOSYS later, which no rule about a target does.
    const isRefusal =
      cell?.status === 'denied' &&
      refusals.has(cell.errno) &&
      methodRows[method].controls.some((name) => controls.get(name)?.passes === true)
    return cell?.status === 'allowed' || isRefusal ? [{ id, method, status: cell.status }] : []
  })
  const grant = counted.find(({ status }) => status === 'allowed')
  const refused = counted.filter(({ status }) => status === 'denied')
  if (grant === undefined) {
    const [refusal] = refused
    return refusal ? { allowed: false, ids: [refusal.id] } : { allowed: null, ids: [] }
  }
  const against = refused.find(({ method }) => !isFile.has(method))
  return against
    ? { allowed: null, ids: [grant.id, against.id] }
    : { allowed: true, ids: [grant.id] }
}

/** The attempts of one family contradict one another. */
export function isContradictory({ allowed, ids }: Access): boolean {
  return allowed === null && ids.length > 0
}
