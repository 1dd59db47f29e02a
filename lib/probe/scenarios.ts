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

/** And which exist for the owner of the target's user namespace: what tells scope 2 from 3. */
const ownerRows: readonly Row[] = [
  { relations: ['child'], consents: ['none'], attempts: ['read', ...access] },
  { relations: ['child'], consents: ['none'], attempts: ['traceme'] },
  { relations: ['sibling'], consents: ['none'], attempts: access },
]

/** Every scenario of a measurement as `identities`, the controls first. */
export function scenariosFor(identities: readonly Identity[]): Scenario[] {
  const scenarios: Scenario[] = [
    { identity: 'caller', relation: null, consent: 'none', attempts: controlAttempts },
  ]
  for (const identity of identities) {
    for (const row of identity === 'owner' ? ownerRows : rows) {
      for (const relation of row.relations) {
        for (const consent of row.consents) {
          scenarios.push({ identity, relation, consent, attempts: row.attempts })
        }
      }
    }
  }
  return scenarios
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
