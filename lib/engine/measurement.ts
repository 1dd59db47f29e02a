/** A measurement: what the engine is asked to try, and what it answers (`native/probe/plan.h`). */

import type { Attempt, Consent, Step, Tree } from '../model/index.js'
import type { identities } from './words.js'

/** Ids as a login of that user would have them. */
export interface UserIds {
  readonly uid: number
  readonly gid: number
  readonly groups: readonly number[]
}

/** One family of processes, as the engine takes it (`native/probe/plan.h`). */
export interface FamilyPlan extends Tree {
  readonly identity: (typeof identities)[number]
  /** Index into {@link Plan.users}, for identity `user`. */
  readonly user: number
  readonly consent: Consent
  readonly methods: readonly Attempt[]
}

/** A whole measurement. */
export interface Plan {
  readonly families: readonly FamilyPlan[]
  readonly users: readonly UserIds[]
  /** For all of it, in milliseconds; at least 1. */
  readonly deadlineMs: number
  /** For one family, in milliseconds; at least 1. */
  readonly attemptMs: number
}

/** Where one attempt ended. */
export interface Outcome {
  readonly step: Step | 'done'
  /** Positive; 0 when no system call failed. */
  readonly errno: number
  /** 0 when no signal ended it. */
  readonly signal: number
}

/** What the engine answers. */
export interface EngineResult {
  /** One list a family, in the order of its methods. */
  readonly families: readonly (readonly Outcome[])[]
  /** From the fork to the end of the last process, in microseconds. */
  readonly elapsedUs: number
  /** CAP_SYS_PTRACE and the dumpable flag of the thread that asked. */
  readonly self: {
    readonly dumpable: boolean
    readonly effective: boolean
    readonly permitted: boolean
    readonly bounding: boolean
  }
}

/** The same as the addon answers it. */
export interface RawResult extends EngineResult {
  readonly finished: boolean
  readonly status: number
  readonly abort: Outcome
}
