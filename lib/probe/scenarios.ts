import {
  type Attempt,
  type Consent,
  controlAttempts,
  type Identity,
  type Relation,
  type Tree,
} from '../model/index.js'

const plain = { tracerParent: 'supervisor', middle: 'none', tracerAdopts: false } as const

/** One row a relation: all that the engine has to know of it. */
export const trees: Readonly<Record<Relation, Tree>> = {
  child: { ...plain, targetParent: 'tracer' },
  grandchild: { ...plain, targetParent: 'tracer', middle: 'lives' },
  parent: { ...plain, targetParent: 'supervisor', tracerParent: 'target' },
  sibling: { ...plain, targetParent: 'supervisor' },
  orphan: { ...plain, targetParent: 'tracer', middle: 'exits' },
  adopted: { ...plain, targetParent: 'tracer', middle: 'exits', tracerAdopts: true },
}

/** A control's tree: a member alone. */
export const aloneTree: Tree = { ...plain, targetParent: 'none' }

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
export function familyId(identity: Identity, relation: Relation, consent: Consent): string {
  return `${identity}/${relation}${consent === 'none' ? '' : `+${consent}`}`
}
