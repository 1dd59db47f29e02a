import {
  type EvidenceIds,
  holdsSysPtrace,
  type Identity,
  isUser,
  type Report,
  type Scope,
  scopes,
} from '../model/index.js'
import {
  type Access,
  access,
  capableAccess,
  decidingConsent,
  type Evidence,
  evidenceOf,
} from '../probe/index.js'
import { expectationsOf, fits, type RelationExpectation } from './expectation.js'

/** What decides, looked up once. */
export interface Observed {
  readonly evidence: Evidence
  /** The identities of processes without privileges, and how the machine behaves to each. */
  readonly ordinary: ReadonlyMap<Identity, Behaviour>
  /** The identity of a tracer that has CAP_SYS_PTRACE over its target. */
  readonly capable: Identity
  /** A rule refuses that is not known to be Yama. */
  readonly otherRule: boolean
}

/** The scopes that would show the same, none where nothing is known; and the attempts behind. */
interface Behaviour {
  readonly as: readonly Scope[]
  readonly ids: EvidenceIds
}

/** The cells in which one scope behaves otherwise than the one below it. */
const tellingCells = expectationsOf(['sibling=allowed', 'child=allowed', 'capable/child=allowed'])

export function observed(report: Report): Observed {
  const evidence = evidenceOf(report)
  const capable = holdsSysPtrace(report.caller.capSysPtrace) ? 'caller' : 'owner'
  const named = new Set(report.observations.map(({ identity }) => identity))
  const users = [...named].filter(isUser)
  const cellsOf = (identity: Identity) =>
    tellingCells.map((cell) => {
      const who = cell.asker === 'capable' ? capable : identity
      return { cell, ...accessOf(who, cell, report, evidence) }
    })
  const behaviour = (identity: Identity): Behaviour => {
    const cells = cellsOf(identity)
    const told = cells.some(({ cell, allowed }) => cell.asker !== 'capable' && allowed !== null)
    if (!told) return { as: [], ids: [] }
    const as = scopes.filter((scope) =>
      cells.every(
        ({ cell, allowed }) =>
          allowed === null || fits(scope, { ...cell, expected: allowed ? 'allowed' : 'denied' }),
      ),
    )
    return { as, ids: cells.flatMap(({ ids }) => ids) }
  }
  const { name, candidates } = report.scope.enforced
  const refused = cellsOf('unprivileged').some(({ allowed }) => allowed === false)
  return {
    evidence,
    ordinary: new Map(
      ['unprivileged' as const, ...users].map((identity) => [identity, behaviour(identity)]),
    ),
    capable,
    otherRule: refused && name !== 'no-yama' && [0, scopes.length].includes(candidates.length),
  }
}

/** The access of one identity, as far as it says something about the machine. */
export function accessOf(
  identity: Identity,
  expectation: Pick<RelationExpectation, 'asker' | 'relation' | 'consent'>,
  { scope }: Report,
  evidence: Evidence,
): Access {
  const { asker, relation } = expectation
  const consent = decidingConsent(scope, expectation.consent)
  if (asker !== 'capable') return access(evidence, identity, relation, consent)
  const found = capableAccess(evidence, relation, consent)
  if (found.allowed === true) return found
  // What is granted without a capability is granted with it.
  const without = access(evidence, 'unprivileged', relation, consent)
  if (without.allowed === true) return without
  // What keeps a capable tracer out has been looked into already, and may be less than scope 3.
  const open = scope.enforced.candidates.join() === '2,3'
  return open && found.allowed === false ? { allowed: null, ids: [] } : found
}

/** The scopes as which the machine behaves to processes without privileges. */
export function own({ ordinary }: Observed): readonly Scope[] {
  return ordinary.get('unprivileged')?.as ?? []
}
