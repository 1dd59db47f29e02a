import type { Consent } from './consents.js'
import type { Method } from './methods.js'
import type { Relation } from './relations.js'

/**
 * The closed vocabulary of the project: the words that the code, the JSON, the command line and the
 * documents share. The native engine knows the same words (`native/addon/words.h`).
 */

/**
 * As whom the tracer acts: `caller` (this process as it is), `unprivileged` (the caller without
 * `CAP_SYS_PTRACE`), `owner` (the same, and the target lives in a new user
 * namespace that this user owns, user_namespaces(7)) or `user:NAME` (tracer and target run as that
 * user, without capabilities; root only).
 */
export type Identity = 'caller' | 'unprivileged' | 'owner' | `user:${string}`

/**
 * The name of one attempt, `identity/relation[+consent]/method`, such as
 * `unprivileged/sibling+any/seize`. Evidence names attempts by it.
 */
export type ObservationId = `${FamilyId}/${Method}`
/** The attempts on one target: `identity/relation[+consent]`. */
export type FamilyId =
  | `${Identity}/${Relation}`
  | `${Identity}/${Relation}+${Exclude<Consent, 'none'>}`

/**
 * What came of one attempt: `allowed`, `denied` (a rule refused it), `unavailable` (something that
 * it needs is not there, so it was not tried) or `inconclusive` (we failed, not the kernel).
 */
export type Status = 'allowed' | 'denied' | 'unavailable' | 'inconclusive'

/** Where an attempt can end (`native/probe/plan.h` says what each means). */
export const steps = [
  'not-run',
  'fork',
  'guard',
  'identity',
  'unshare',
  'dumpable',
  'subreaper',
  'adopted',
  'consent',
  'proc',
  'open',
  'try',
  'traced',
  'ended',
  'wait',
  'read',
  'release',
  'deadline',
] as const
/** Where an attempt ended that did not succeed. */
export type Step = (typeof steps)[number]

/** How far the evidence carries a statement. */
export type Certainty = 'proved' | 'inferred' | 'undetermined'

/**
 * Whose access is in question: this process itself (`self`), a debugger that this process starts
 * (`child`), an unrelated process of this user (`stranger`), or one of another user (`user:NAME`).
 * They differ under scope 1, where descent and PR_SET_PTRACER decide.
 */
export type TracerName = 'self' | 'child' | 'stranger' | `user:${string}`

/** What becomes of something that people do with ptrace. */
export const outcomes = ['works', 'refused', 'partly', 'undetermined'] as const
/**
 * What becomes of something that people do with ptrace; `partly` where some of the attempts that
 * stand for it were allowed and others refused.
 */
export type Outcome = (typeof outcomes)[number]

/** What a report can state about the machine or the measurement, in the order of the table. */
export const findingIds = [
  'declared-differs',
  'no-yama',
  'unrestricted',
  'ptrace-filtered',
  'mandatory-access-control',
  'another-rule',
  'caller-not-dumpable',
  'caller-traced',
  'measurement-incomplete',
  'user-unavailable',
  'scope-undecided',
  'no-attach-latched',
  'caller-capable',
  'child-user-namespace',
  'host-value',
] as const
/** The stable name of a finding, such as `declared-differs`. */
export type FindingId = (typeof findingIds)[number]

/** The policies that the package knows. */
export const policyIds = [
  'desktop',
  'server',
  'dmz',
  'stig',
  'cis',
  'kspp',
  'anssi',
  'lynis',
  'cnspec',
  'dev-sec',
  'complianceascode',
  'complianceascode-ubuntu2404',
  'secureblue',
  'kicksecure',
] as const
/** The name of a policy that the package knows. A policy of your own may have any other. */
export type PolicyId = (typeof policyIds)[number]

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

/** System calls whose answer is known on an unconfined machine. Run on no target but oneself. */
export const controlAttempts = [
  'control-yama',
  'control-attach',
  'control-seize',
  'control-vm-read',
  'control-proc-mem',
  'control-pidfd-getfd',
  'control-read',
] as const
/** The name of a control in the engine. */
export type ControlAttempt = (typeof controlAttempts)[number]

/** The control that counts the Landlock domains around the tracer. */
export const landlockControl = 'control-landlock'

/** What the engine can be told to try: methods, controlAttempts, and READ access for contrast. */
export type Attempt = Method | ControlAttempt | typeof landlockControl | 'read'
