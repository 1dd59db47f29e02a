import type { Consent } from './consents.js'
import { type ControlName, controlNames } from './controls.js'
import type { Method } from './methods.js'
import type { Relation } from './relations.js'
import type { UserName } from './shapes.js'

/**
 * The closed vocabulary of the project: the words that the code, the JSON, the command line and the
 * documents share. `lib/engine/words.ts` gives them to the native engine.
 */

/**
 * As whom the tracer acts: `caller` (this process as it is), `unprivileged` (the caller without
 * `CAP_SYS_PTRACE`), `owner` (the same, and the target lives in a new user
 * namespace that this user owns, user_namespaces(7)) or `user:NAME` (tracer and target run as that
 * user, without capabilities unless it is root; root only).
 */
export type Identity = 'caller' | 'unprivileged' | 'owner' | `user:${UserName}`

/**
 * The name of one attempt, `identity/relation[+consent]/method`, such as
 * `unprivileged/sibling+any/seize`. Evidence names attempts by it.
 */
export type ObservationId = `${FamilyId}/${Method}`

/**
 * The name of a control, such as `control/yama`, or of a question for READ access to a child, such
 * as `unprivileged/child/read`.
 */
export type ControlId =
  | `control/${ControlName}`
  | `${Identity}/child/read`
  | 'caller/child/read-protected'

/**
 * The attempts and controls that decided.
 *
 * @uniqueItems true
 * @inline
 */
export type EvidenceIds = readonly (ObservationId | ControlId)[]

/** The attempts on one target: `identity/relation[+consent]`. */
export type FamilyId = `${Identity}/${Relation}${'' | `+${Exclude<Consent, 'none'>}`}`

/**
 * What came of one attempt: `allowed`, `denied` (a rule refused it), `unavailable` (something that
 * it needs is not there, so it was not tried) or `inconclusive` (we failed, not the kernel).
 */
export type Status = 'allowed' | 'denied' | 'unavailable' | 'inconclusive'

/** How far the evidence carries a statement. */
export type Certainty = 'proved' | 'inferred' | 'undetermined'

/** What becomes of something that people do with ptrace. */
export const outcomes = ['works', 'refused', 'partly', 'undetermined'] as const
/**
 * What becomes of something that people do with ptrace; `partly` where some of the attempts that
 * stand for it were allowed and others refused.
 */
export type Outcome = (typeof outcomes)[number]

/** What a tool is for. */
export const toolKinds = [
  'debugger',
  'tracer',
  'profiler',
  'sanitizer',
  'crash-handler',
  'checkpointer',
  'other',
] as const
/** What a tool is for. */
export type ToolKind = (typeof toolKinds)[number]

/** The name of a control in the engine. */
export type ControlAttempt = `control-${ControlName}`
/** Every control. */
export const controlAttempts = controlNames.map((name): ControlAttempt => `control-${name}`)

/** The control that counts the Landlock domains around the tracer. */
export const landlockControl = 'control-landlock'

/**
 * PTRACE_MODE_READ, which Yama never refuses: `read` shows whether another rule refuses,
 * `read-protected` whether CAP_SYS_PTRACE is granted, for its target is not dumpable.
 */
export const readAttempts = ['read', 'read-protected'] as const
/** A question for READ access. */
export type ReadAttempt = (typeof readAttempts)[number]

/** What the engine can be told to try: methods, controls, and READ access for contrast. */
export type Attempt = Method | ControlAttempt | typeof landlockControl | ReadAttempt
