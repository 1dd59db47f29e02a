import type { Remedy } from './remedies.js'
import type { Report, ScopeReport } from './report.js'
import type { Certainty, Scope } from './vocabulary.js'

/** What a machine is expected to enforce, as {@link evaluate} and `--policy-file` take it. */
export interface PolicyInput {
  /** The version of this format; may be left out. */
  readonly schemaVersion?: 1
  /** A short name: lower-case letters, digits and `-`. */
  readonly id: string
  /**
   * One line.
   *
   * @defaultValue the id
   */
  readonly title?: string
  /**
   * Where it is published.
   *
   * @defaultValue null
   */
  readonly source?: string | null
  /**
   * The date of the source, `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
   *
   * @defaultValue null
   */
  readonly date?: string | null
  /**
   * The accepted scopes: a list, or an expression such as `'>=1'`. What counts is how the machine
   * behaves, not what its file says.
   *
   * @defaultValue null: any
   */
  readonly scope?: string | readonly Scope[] | null
  /**
   * The behaviour that it is meant to enforce: `[IDENTITY/]RELATION[+CONSENT][/METHOD]=allowed`, or
   * `=denied`. The identity is `unprivileged` where none is given; `capable` stands for a tracer
   * with `CAP_SYS_PTRACE` over the target, which is `caller` or `owner`.
   *
   * @defaultValue `[]`
   */
  readonly relations?: readonly string[]
}

/** A policy with every field filled in. */
export interface Policy {
  /** A short name. */
  readonly id: string
  /** One line. */
  readonly title: string
  /** Where it is published; null for one of your own. */
  readonly source: string | null
  /** The date of the source; null where there is none. */
  readonly date: string | null
  /** The accepted scopes; null: any. */
  readonly scope: readonly Scope[] | null
  /** The behaviour that it is meant to enforce, as {@link PolicyInput.relations} has it. */
  readonly relations: readonly string[]
}

/** One thing that a policy expects, beside what was observed. */
export interface Expectation {
  /** `scope`, or who is to get at whom: `identity/relation[+consent][/method]`. */
  readonly subject: string
  /** The accepted scopes, such as `2 or 3`; otherwise `allowed` or `denied`. */
  readonly expected: string
  /** The same of what was observed; `unknown` where it could not be measured. */
  readonly observed: string
  /** Null: could not be measured. */
  readonly met: boolean | null
  /** Ids of the observations and controls that decided. */
  readonly evidence: readonly string[]
}

/** A value and who accepts it. */
export interface Acceptance {
  /** A value of `kernel.yama.ptrace_scope`. */
  readonly value: Scope
  /** Ids of {@link policies}. */
  readonly policies: readonly string[]
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
  readonly message: string
  /** All of them have to be met. */
  readonly expectations: readonly Expectation[]
  /** The value that an auditor who reads the file would see, beside the behaviour. */
  readonly value: {
    /** What the policy accepts; null: any. */
    readonly accepted: readonly Scope[] | null
    /** What the kernel's file says; null: there is none. */
    readonly declared: Scope | null
    /** What is enforced; null: not decided, or there is no Yama. */
    readonly enforced: Scope | null
    /**
     * The scopes that would show the observed behaviour; 0 where there is no Yama and nothing
     * refuses, none where it is unknown or not that of any scope.
     */
    readonly behavesAs: readonly Scope[]
    /** Whether the policy accepts the declared value; null where either is missing. */
    readonly declaredAccepted: boolean | null
  }
  /** One sentence where value and behaviour disagree; null otherwise. */
  readonly disagreement: string | null
  /** The policies of {@link policies} that accept no value that this one accepts. */
  readonly contradicts: readonly Pick<Policy, 'id' | 'scope'>[]
  /** For each value, the policies of {@link policies} that accept it. */
  readonly acceptedBy: readonly Acceptance[]
  /** What would change it, least privilege first; none where it is met. */
  readonly remedies: readonly Remedy[]
}

/** What `ptrace-probe assert` answers: several policies at once, all of which have to be met. */
export interface Assertion {
  /** The version of this format. */
  readonly schemaVersion: 1
  /** What answered. */
  readonly tool: Report['tool']
  /** When the measurement began, ISO 8601 in UTC. */
  readonly time: string
  /** False where one is not met; otherwise null where one could not be measured. */
  readonly met: boolean | null
  /** The least of the certainties. */
  readonly certainty: Certainty
  /** One sentence. */
  readonly message: string
  /** The scope, as in the report. */
  readonly scope: Pick<ScopeReport, 'declared' | 'enforced'>
  /** One for each policy, in the order in which they were asked for. */
  readonly evaluations: readonly Evaluation[]
  /** What would make the machine meet all of them, least privilege first. */
  readonly remedies: readonly Remedy[]
}
