/**
 * The closed vocabulary of the project: the words that the code, the JSON, the command line and the
 * documents share. The native engine knows the same words (`native/addon/words.h`).
 */

/** What the target is to the tracer. */
export const relations = ['child', 'grandchild', 'parent', 'sibling', 'orphan', 'adopted'] as const
/**
 * What the target is to the tracer: `child`, `grandchild`, `parent`, `sibling` (children of one
 * parent), `orphan` (a former descendant whose parent exited; it now belongs to somebody else) or
 * `adopted` (the same, but the tracer is the subreaper that adopted it, so it is a descendant again;
 * `PR_SET_CHILD_SUBREAPER(2const)`).
 */
export type Relation = (typeof relations)[number]

/** Whom the target named with `PR_SET_PTRACER`. */
export const consents = ['none', 'tracer', 'ancestor', 'any', 'revoked', 'unrelated'] as const
/**
 * Whom the target named with `PR_SET_PTRACER(2const)`: nobody, the `tracer`, an `ancestor` of the
 * tracer, `any` process, any process and then nobody (`revoked`), or a process that is neither the
 * tracer nor an ancestor of it (`unrelated`).
 */
export type Consent = (typeof consents)[number]

/** How the tracer tries to get at the target. */
export const methods = ['attach', 'seize', 'traceme', 'vm-read', 'proc-mem', 'pidfd-getfd'] as const
/**
 * How the tracer tries to get at the target: `PTRACE_ATTACH`, `PTRACE_SEIZE`, the target's own
 * `PTRACE_TRACEME` (ptrace(2)), process_vm_readv(2), `/proc/PID/mem` (proc_pid_mem(5)) or
 * pidfd_getfd(2). All but `traceme` ask the kernel for the same access, `PTRACE_MODE_ATTACH`.
 */
export type Method = (typeof methods)[number]

/**
 * As whom the tracer acts: `caller` (this process as it is), `unprivileged` (the caller without
 * `CAP_SYS_PTRACE`), `owner` (the same, and the target lives in a new user
 * namespace that this user owns, user_namespaces(7)) or `user:NAME` (tracer and target run as that
 * user, without capabilities; root only).
 */
export type Identity = 'caller' | 'unprivileged' | 'owner' | `user:${string}`

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

/** Yama's modes by number (Documentation/admin-guide/LSM/Yama.rst). */
export const scopeNames = ['classic', 'restricted', 'admin-only', 'no-attach'] as const
/** The name of one of Yama's modes: 0 `classic`, 1 `restricted`, 2 `admin-only`, 3 `no-attach`. */
export type ScopeName = (typeof scopeNames)[number]
/** A value of `kernel.yama.ptrace_scope`. */
export type Scope = 0 | 1 | 2 | 3

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

/**
 * Who forks whom, so that a target becomes what `Relation` says to the tracer. The supervisor is
 * the parent of all and a subreaper.
 */
export interface Tree {
  readonly tracerParent: 'supervisor' | 'target'
  readonly targetParent: 'none' | 'supervisor' | 'tracer'
  /** The process between tracer and target: there is none, it stays, or it exits. */
  readonly middle: 'none' | 'lives' | 'exits'
  /** The tracer adopts orphans of its descendants. */
  readonly tracerAdopts: boolean
}

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
