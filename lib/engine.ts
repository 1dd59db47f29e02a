import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PtraceProbeError } from './errors.js'
import { errnoName, signalName } from './names.js'
import type { Attempt, Tree } from './scenarios.js'
import type { Consent, Step } from './vocabulary.js'

/** One family of processes, as the engine takes it (`native/plan.h`). */
export interface FamilyPlan extends Tree {
  readonly identity: 'caller' | 'unprivileged' | 'owner' | 'user'
  /** Index into {@link Plan.users}, for identity `user`. */
  readonly user: number
  readonly consent: Consent
  readonly methods: readonly Attempt[]
}

/** Ids as a login of that user would have them. */
export interface UserIds {
  readonly uid: number
  readonly gid: number
  readonly groups: readonly number[]
}

/** A whole measurement. */
export interface Plan {
  readonly families: readonly FamilyPlan[]
  readonly users: readonly UserIds[]
  /** For all of it, in milliseconds. */
  readonly deadlineMs: number
  /** For one family, in milliseconds. */
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

interface RawResult extends EngineResult {
  readonly failed?: { readonly syscall: string; readonly errno: number }
  readonly finished: boolean
  readonly status: number
  readonly abort: Outcome
}

/** The engine: the one thing that lib/ needs of the addon. */
export interface Engine {
  measure(plan: Plan): EngineResult
  measureAsync(plan: Plan): Promise<EngineResult>
  /** Null: no such user. */
  lookUpUser(name: string): UserIds | null
}

interface Addon {
  measure(plan: Plan): RawResult
  measureAsync(plan: Plan): Promise<RawResult>
  lookUpUser(name: string): UserIds | null
}

let loaded: Engine | undefined

/**
 * Loads the addon, once.
 *
 * @throws PtraceProbeError `ERR_PTRACE_PROBE_ADDON` when there is none for this machine
 */
export function loadEngine(): Engine {
  loaded ??= wrap(loadAddon())
  return loaded
}

function loadAddon(): Addon {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..')
  try {
    const require = createRequire(import.meta.url)
    return require('node-gyp-build')(root) as Addon
  } catch (cause) {
    throw new PtraceProbeError(
      `The native addon cannot be loaded from ${root}: in a checkout, \`npm run build\` builds it`,
      'ERR_PTRACE_PROBE_ADDON',
      { cause },
    )
  }
}

function wrap(addon: Addon): Engine {
  return {
    measure: (plan) => checked(addon.measure(plan)),
    measureAsync: async (plan) => checked(await addon.measureAsync(plan)),
    lookUpUser: (name) => addon.lookUpUser(name),
  }
}

function checked(raw: RawResult): EngineResult {
  if (raw.failed !== undefined) throw systemError(raw.failed.syscall, raw.failed.errno)
  if (raw.finished) return raw
  if (raw.abort.errno !== 0) throw systemError('prctl', raw.abort.errno)
  const signal = raw.status & 0x7f
  throw new PtraceProbeError(
    signal === 0
      ? 'The measurement ended before it was finished'
      : `The measuring process was killed by ${signalName(signal)} before it was finished`,
    'ERR_PTRACE_PROBE_ENGINE',
  )
}

function systemError(syscall: string, errno: number): PtraceProbeError {
  return new PtraceProbeError(
    `The measurement could not be started: ${errnoName(errno)}, ${syscall}`,
    'ERR_PTRACE_PROBE_ENGINE',
    { errno, syscall },
  )
}
