import {
  type Consent,
  type Control,
  type Identity,
  type Method,
  methodRows,
  type Observation,
  type Relation,
  type Report,
} from '../model/index.js'
import { observationId } from './scenarios.js'

/** Attempts and controls by their ids. */
export interface Evidence {
  readonly view: ReadonlyMap<string, Observation>
  readonly controls: ReadonlyMap<string, Control>
}

/** Whether a tracer may get at a target at all, whatever the method, and what says so. */
export interface Access {
  readonly allowed: boolean | null
  readonly ids: readonly string[]
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

/** All of them ask for PTRACE_MODE_ATTACH, so they stand for one another. */
const accessMethods: readonly Method[] = ['seize', 'attach', 'pidfd-getfd', 'vm-read', 'proc-mem']

/**
 * One grant proves that the policy grants, since every method passes through the same check; a
 * refusal beside it comes from something narrower. Refusals count only where the method's control
 * shows that it is the target that was judged, and not the system call.
 */
export function access(
  { view, controls }: Evidence,
  identity: Identity,
  relation: Relation,
  consent: Consent = 'none',
): Access {
  const refused: string[] = []
  for (const method of accessMethods) {
    const id = observationId(identity, relation, consent, method)
    const status = view.get(id)?.status
    if (status === 'allowed') return { allowed: true, ids: [id] }
    if (
      status === 'denied' &&
      methodRows[method].controls.some((name) => controls.get(name)?.passes === true)
    )
      refused.push(id)
  }
  return refused.length === 0
    ? { allowed: null, ids: [] }
    : { allowed: false, ids: refused.slice(0, 1) }
}
