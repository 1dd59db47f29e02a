import type { AcceptedScopes, Policy, PolicyId, RelationText } from './policies.js'
import type { Remedy } from './remedies.js'
import type { Report } from './report.js'
import type { ScopeReport } from './scope-report.js'
import type { Scope, Scopes } from './scopes.js'
import type {
  Expected,
  PolicyDate,
  PolicyName,
  Publication,
  ScopeExpression,
  Text,
  Time,
  Title,
} from './shapes.js'
import type { Certainty, EvidenceIds } from './vocabulary.js'

/** What a machine is expected to enforce, as {@link evaluate} and `--policy-file` take it. */
export type PolicyInput = ScopeInput | RelationsInput

/** A policy that accepts some scopes. */
export interface ScopeInput extends PolicyFields {
  /**
   * The accepted scopes: one, a list, or an expression such as `'>=1'`. What counts is how the
   * machine behaves, not what its file says.
   */
  readonly scope: ScopeExpression | Scope | ScopeList
}

/** A policy that names cells. */
export interface RelationsInput extends PolicyFields {
  /**
   * The behaviour that it is meant to enforce: one expectation or more.
   *
   * @minItems 1
   */
  readonly relations: readonly RelationText[]
}

/**
 * A list of accepted scopes.
 *
 * @minItems 1
 * @inline
 */
export type ScopeList = readonly Scope[]

/** What every policy may say. */
export interface PolicyFields {
  /** The version of this format; may be left out. */
  readonly schemaVersion?: 1
  /** Where the format is described; editors look for it, and it is not read. */
  readonly $schema?: string
  /** A short name: lower-case letters, digits and `-`. None of the {@link policies} has it. */
  readonly id: PolicyName
  /**
   * One line.
   *
   * @defaultValue the id
   */
  readonly title?: Title
  /**
   * Where it is published.
   *
   * @defaultValue null
   */
  readonly source?: Publication | null
  /**
   * The date of the source, `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
   *
   * @defaultValue null
   */
  readonly date?: PolicyDate | null
  /**
   * The accepted scopes: one, a list, or an expression such as `'>=1'`. What counts is how the
   * machine behaves, not what its file says.
   *
   * @defaultValue null: any
   */
  readonly scope?: ScopeExpression | Scope | ScopeList | null
  /**
   * The behaviour that it is meant to enforce.
   *
   * @defaultValue `[]`
   */
  readonly relations?: readonly RelationText[]
}

/** A policy of {@link policies} that accepts no value that another one accepts. */
export interface Contradiction {
  /** Its name in the table. */
  readonly id: PolicyId
  /** The scopes that it accepts. */
  readonly scope: AcceptedScopes
}

/** One thing that a policy expects, beside what was observed. */
export interface Expectation {
  /** `scope`, or who is to get at whom: `identity/relation[+consent][/method]`. */
  readonly subject: Text
  /** The accepted scopes, such as `2 or 3`; otherwise `allowed` or `denied`. */
  readonly expected: Expected
  /** The same of what was observed; `unknown` where it could not be measured. */
  readonly observed: Expected | 'unknown'
  /** Null: could not be measured. */
  readonly met: boolean | null
  /** Ids of the observations and controls that decided. */
  readonly evidence: EvidenceIds
}

/** A value and who accepts it. */
export interface Acceptance {
  /** A value of `kernel.yama.ptrace_scope`. */
  readonly value: Scope
  /** Ids of {@link policies}. */
  readonly policies: readonly PolicyId[]
}

/** Whether a machine meets a policy: the answer of {@link evaluate}. */
export interface Evaluation {
  /** The version of this format. */
  readonly schemaVersion: 1
  /** What was asked for. */
  readonly policy: Policy
  /** By the observed behaviour; null where it could not be measured. */
  readonly met: boolean | null
  /** `inferred` where another rule than Yama refuses, for it may treat other processes otherwise. */
  readonly certainty: Certainty
  /** One sentence. */
  readonly message: Text
  /**
   * All of them have to be met.
   *
   * @minItems 1
   */
  readonly expectations: readonly Expectation[]
  /** The configured value, as an auditor sees it in the file, beside the behaviour. */
  readonly value: {
    /** What the policy accepts; null: any. */
    readonly accepted: Scopes | null
    /** What the kernel's file says; null: there is none. */
    readonly declared: Scope | null
    /** What is enforced; null: not decided, or there is no Yama. */
    readonly enforced: Scope | null
    /**
     * The scopes that would show the observed behaviour; 0 where there is no Yama and nothing
     * refuses, none where it is unknown or not that of any scope.
     */
    readonly behavesAs: Scopes
    /** Whether the policy accepts the declared value; null where either is missing. */
    readonly declaredAccepted: boolean | null
  }
  /** One sentence where value and behaviour disagree; null otherwise. */
  readonly disagreement: Text | null
  /** The policies of {@link policies} that accept no value that this one accepts. */
  readonly contradicts: readonly Contradiction[]
  /** For each value, the policies of {@link policies} that accept it. */
  readonly acceptedBy: readonly Acceptance[]
  /** What would change it, least privilege first; none where it is met. */
  readonly remedies: readonly Remedy[]
}

/** What `ptrace-probe assert` answers: several policies at once; all have to be met. */
export interface Assertion {
  /** The version of this format. */
  readonly schemaVersion: 1
  /** What answered. */
  readonly tool: Report['tool']
  /** When the measurement began, ISO 8601 in UTC. */
  readonly time: Time
  /** False where one is not met; otherwise null where one could not be measured. */
  readonly met: boolean | null
  /** The least of the certainties. */
  readonly certainty: Certainty
  /** One sentence. */
  readonly message: Text
  /** The scope, as in the report. */
  readonly scope: Pick<ScopeReport, 'declared' | 'enforced'>
  /**
   * One for each policy, in the order in which they were asked for.
   *
   * @minItems 1
   */
  readonly evaluations: readonly Evaluation[]
  /** What would make the machine meet all of them, least privilege first. */
  readonly remedies: readonly Remedy[]
}
