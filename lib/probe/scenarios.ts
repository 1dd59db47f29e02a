import {
  type Attempt,
  type Consent,
  controlAttempts,
  type FamilyId,
  type Identity,
  type Method,
  type ObservationId,
  type Relation,
} from '../model/index.js'

/** Cells that share one family of fresh processes, in the order in which they are tried. */
export interface Scenario {
  readonly identity: Identity
  /** Null: no target. */
  readonly relation: Relation | null
  readonly consent: Consent
  readonly attempts: readonly Attempt[]
}

// What leaves no trace on the target comes first; SEIZE lasts until the tracer exits, so it is last.
const access = ['pidfd-getfd', 'vm-read', 'proc-mem', 'attach', 'seize'] as const

interface Row {
  readonly relations: readonly Relation[]
  readonly consents: readonly Consent[]
  readonly attempts: readonly Attempt[]
}

/** THE table: which cells exist for everybody. A new cell is a new word in a row, or a row. */
const rows: readonly Row[] = [
  { relations: ['child'], consents: ['none'], attempts: ['read', ...access] },
  { relations: ['child', 'adopted'], consents: ['none'], attempts: ['traceme'] },
  {
    relations: ['grandchild', 'parent', 'sibling', 'orphan', 'adopted'],
    consents: ['none'],
    attempts: access,
  },
  {
    relations: ['sibling'],
    consents: ['tracer', 'ancestor', 'any', 'revoked', 'unrelated'],
    attempts: access,
  },
  { relations: ['parent'], consents: ['tracer'], attempts: access },
  { relations: ['orphan'], consents: ['any'], attempts: access },
]

/** And which exist for the caller alone: whether it can use the capabilities that it shows. */
const callerRows: readonly Row[] = [
  { relations: ['child'], consents: ['none'], attempts: ['read-protected'] },
]

/** And which exist for the owner of the target's user namespace: what tells scope 2 from 3. */
const ownerRows: readonly Row[] = [
  { relations: ['child'], consents: ['none'], attempts: ['read', ...access] },
  { relations: ['child'], consents: ['none'], attempts: ['traceme'] },
  { relations: ['sibling'], consents: ['none'], attempts: access },
]

/** What asks for PTRACE_MODE_READ alone: Yama is not asked about it, and so writes no line. */
const silent: ReadonlySet<Attempt> = new Set<Attempt>(['read', 'read-protected'])

/** Of those scenarios what leaves no line in the kernel's log, whatever the scope. */
export function silentOnes(scenarios: readonly Scenario[]): Scenario[] {
  return scenarios.flatMap((scenario) => {
    if (scenario.relation === null) return [scenario]
    const attempts = scenario.attempts.filter((attempt) => silent.has(attempt))
    return attempts.length > 0 ? [{ ...scenario, attempts }] : []
  })
}

/** Every scenario of a measurement as `identities`, the controls first. */
export function scenariosFor(identities: readonly Identity[]): Scenario[] {
  const scenarios: Scenario[] = [
    { identity: 'caller', relation: null, consent: 'none', attempts: controlAttempts },
  ]
  for (const identity of identities) {
    for (const row of rowsOf(identity)) {
      for (const relation of row.relations) {
        for (const consent of row.consents) {
          scenarios.push({ identity, relation, consent, attempts: row.attempts })
        }
      }
    }
  }
  return scenarios
}

function rowsOf(identity: Identity): readonly Row[] {
  if (identity === 'owner') return ownerRows
  return identity === 'caller' ? [...rows, ...callerRows] : rows
}

/** The name of a family in ids: `identity/relation[+consent]`. */
export function familyId(identity: Identity, relation: Relation, consent: Consent): FamilyId {
  return consent === 'none' ? `${identity}/${relation}` : `${identity}/${relation}+${consent}`
}

/** The name of one attempt. */
export function observationId(
  identity: Identity,
  relation: Relation,
  consent: Consent,
  method: Method,
): ObservationId {
  return `${familyId(identity, relation, consent)}/${method}`
}
