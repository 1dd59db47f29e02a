import type { Scope, ScopeName, Scopes } from './scopes.js'
import type { Text } from './shapes.js'
import type { Certainty, EvidenceIds } from './vocabulary.js'

/** Which scope the kernel enforces, concluded from behaviour alone. */
export type EnforcedScope = DecidedScope | NoYama | UndecidedScope

/** The attempts leave one scope. */
export interface DecidedScope {
  /** The scope. */
  readonly value: Scope
  /** Its name. */
  readonly name: ScopeName
  /** That scope alone. */
  readonly candidates: readonly [Scope]
  /** How far the evidence carries the conclusion. */
  readonly certainty: Exclude<Certainty, 'undetermined'>
  /** Ids of the observations and controls that decided. */
  readonly evidence: EvidenceIds
}

/** Yama is not active, so no scope is enforced. */
export interface NoYama {
  /** Null: there is no scope. */
  readonly value: null
  /** Yama is not active. */
  readonly name: 'no-yama'
  /** Empty: there is no scope. */
  readonly candidates: readonly []
  /** Only an answer of the kernel shows it. */
  readonly certainty: 'proved'
  /** Ids of the observations and controls that decided. */
  readonly evidence: EvidenceIds
}

/** The attempts leave several scopes, or fit none. */
export interface UndecidedScope {
  /** Null: not decided. */
  readonly value: null
  /** Not decided. */
  readonly name: 'undetermined'
  /** Every scope that the evidence leaves possible; empty where it fits none. */
  readonly candidates: Scopes
  /** Not decided. */
  readonly certainty: 'undetermined'
  /** Ids of the observations and controls that decided. */
  readonly evidence: EvidenceIds
}

/** What this process experiences, whatever rule causes it. */
export interface EffectiveScope {
  /** The scope by which this process is treated; null where none describes that. */
  readonly value: Scope | null
  /**
   * Its name; `blocked` where ptrace is filtered or another rule than Yama refuses even a child.
   */
  readonly name: ScopeName | 'blocked' | 'undetermined'
  /** Ids of the observations that decided. */
  readonly evidence: EvidenceIds
}

/** What the kernel's own file says. */
export interface DeclaredScope {
  /** Null: there is no such file, or it could not be read. */
  readonly value: Scope | null
  /** The path of that file. */
  readonly source: Text
}

/** The views of the scope, side by side. */
export interface ScopeReport {
  /**
   * Whether Yama is active: what PR_SET_PTRACER answers, where the kernel's files do not contradict
   * that. Null when that is not known.
   */
  readonly yama: boolean | null
  /**
   * Whether it restricts anything, as the sandbox page of Chrome asks ("Yama LSM Enforcing"): scope 1
   * or more. Null when that is not known.
   */
  readonly enforcing: boolean | null
  /** What the attempts show. */
  readonly enforced: EnforcedScope
  /** What the calling process meets. */
  readonly effective: EffectiveScope
  /** What the kernel says. */
  readonly declared: DeclaredScope
  /** Declared against enforced; null when either is unknown. */
  readonly agrees: boolean | null
}
