/** What a policy expects, beside what was observed. */

import {
  type Asker,
  type Expectation,
  type Identity,
  listScopes,
  methodRows,
  oneOf,
  type Report,
  type Scope,
  scopes,
} from '../model/index.js'
import { type Access, capabilityGranted, decidingConsent, type Evidence } from '../probe/index.js'
import { type RelationExpectation, subjectOf } from './expectation.js'
import { accessOf, type Observed } from './observed.js'

/** One for each identity: users may be treated otherwise than this process. */
export function scopeExpectations(
  accepted: readonly Scope[],
  { scope: { enforced } }: Report,
  { ordinary, otherRule }: Observed,
): Expectation[] {
  return [...ordinary].map(([identity, { as, ids }]) => {
    const inside = as.filter((scope) => accepted.includes(scope))
    const known = as.length > 0 && as.length < scopes.length
    const undecided = inside.length > 0 && inside.length < as.length
    const isOwn = identity === 'unprivileged'
    return {
      subject: isOwn ? 'scope' : `${identity}/scope`,
      expected: listScopes(accepted),
      observed: known ? listScopes(as) : 'unknown',
      met: as.length === 0 || undecided ? null : inside.length > 0,
      evidence: isOwn && !otherRule ? [...new Set([...enforced.evidence, ...ids])] : ids,
    }
  })
}

/** One for each identity that it is about. */
export function relationExpectations(
  expectation: RelationExpectation,
  report: Report,
  seen: Observed,
): Expectation[] {
  const { asker, expected } = expectation
  return identitiesOf(asker, seen).map((identity) => {
    const { allowed, ids } =
      expectation.method === null
        ? accessOf(identity, expectation, report, seen.evidence)
        : attemptOf(identity, expectation, report, seen.evidence)
    const found = allowed === null ? 'unknown' : allowed ? 'allowed' : 'denied'
    return {
      subject: subjectOf({ ...expectation, asker: asker === 'capable' ? asker : identity }),
      expected,
      observed: found,
      met: allowed === null ? null : found === expected,
      evidence: ids,
    }
  })
}

function identitiesOf(asker: Asker, { ordinary, capable }: Observed): readonly Identity[] {
  if (asker === 'capable') return [capable]
  return asker === 'unprivileged' ? [...ordinary.keys()] : [asker]
}

/** One attempt by itself. What a filter answered in the kernel's place says nothing of others. */
function attemptOf(
  identity: Identity,
  expectation: RelationExpectation,
  { scope }: Report,
  evidence: Evidence,
): Access {
  const { view, controls } = evidence
  const consent = decidingConsent(scope, expectation.consent)
  const found = view.get(subjectOf({ ...expectation, consent, asker: identity }))
  if (found === undefined) return { allowed: null, ids: [] }
  const { id, status } = found
  if (status === 'allowed') return { allowed: true, ids: [id] }
  const { method } = expectation
  const names = method === null ? [] : methodRows[method].controls
  const reached = names.some((name) => controls.get(name)?.passes === true)
  const counts =
    expectation.asker === 'capable'
      ? reached && oneOf(['caller', 'owner'], identity) && capabilityGranted(evidence, identity)
      : reached || identity === 'caller'
  return status === 'denied' && counts ? { allowed: false, ids: [id] } : { allowed: null, ids: [] }
}
