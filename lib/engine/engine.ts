import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Attempt,
  type Consent,
  errnoName,
  invalidArgument,
  PtraceProbeError,
  type Step,
  signalName,
  type Tree,
} from '../model/index.js'
import { missingAddon } from './missing.js'
import { packageRoot } from './package.js'

/** One family of processes, as the engine takes it (`native/probe/plan.h`). */
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
  readonly finished: boolean
  readonly status: number
  readonly abort: Outcome
}

/** What the kernel tells of a process (`native/examine/examine.h`). Errnos are positive; 0 is success. */
export interface ProcessFacts {
  readonly statErrno: number
  readonly name?: string
  readonly state?: string
  readonly flags?: number
  readonly parent?: number
  /** How many threads it has. */
  readonly threads?: number
  readonly startTime?: number
  readonly statusErrno: number
  readonly threadGroup?: number
  readonly tracer?: number
  /** Real, effective, saved. */
  readonly uids?: readonly number[]
  readonly gids?: readonly number[]
  readonly capPermitted?: bigint
  readonly capEffective?: bigint
  readonly ownerErrno?: number
  /** The owner of /proc/PID: the effective uid. */
  readonly directoryUid?: number
  /** The owner of /proc/PID/stat: root when the process is not dumpable. */
  readonly filesUid?: number
  readonly namespaceErrno?: number
  /** The inode of its user namespace. */
  readonly userNamespace?: number
  readonly uidMapErrno?: number
  /** Its uid_map as the examiner sees it; empty when none was written. */
  readonly uidMap?: string
  /** The same of project ids: hardly anybody writes that map. */
  readonly projidMapErrno?: number
  readonly projidMap?: string
  readonly labelErrno?: number
  readonly label?: string
}

/** What an examination of one process found (`native/examine/examine.h`). */
export interface Examination {
  readonly pid: number
  /** ENOSYS where it was not asked for, because a filter may answer. */
  readonly pidfdErrno: number
  /** It ended while it was looked at. */
  readonly ended: boolean
  readonly procIsOurs: boolean
  /** Errnos of the oracles that were asked; null: not asked. */
  readonly pidfdGetfd: number | null
  readonly vmRead: number | null
  readonly procMem: number | null
  readonly read: number | null
  readonly target: ProcessFacts
  /** The name of the target's tracer; empty where there is none, or none to be seen. */
  readonly tracerName: string
  /** The tracer; only where access was not granted. */
  readonly self?: ProcessFacts
  readonly ancestors?: readonly { readonly pid: number; readonly name: string }[]
}

/** Bits of the oracles that work here (`native/examine/examine.h`). */
export const oracleBits = { 'pidfd-getfd': 1, 'vm-read': 2, 'proc-mem': 4, read: 8 } as const

/** A process that is forked to examine. */
export interface Examiner {
  readonly tracer: 'child' | 'stranger' | 'user'
  readonly user?: UserIds
}

/** Examinations by processes of their own. */
export interface ExamineRequest {
  /** One, or a child and a stranger, for which one fork of this process is enough. */
  readonly tracers: readonly Examiner[]
  readonly oracles: number
  /** For each of them, in milliseconds. */
  readonly deadlineMs: number
  readonly pids: readonly number[]
}

/** What one of them found. */
export interface ExamineResult {
  /** Why it did not begin; 0 when it did. */
  readonly errno: number
  /** The stranger was adopted by this process, so it is none. */
  readonly isRelated: boolean
  /** Fewer than were asked for when time ran out. */
  readonly results: readonly Examination[]
}

/** What a program gets by its file, besides set-uid (`native/examine/file_privileges.h`). */
export interface FilePrivileges {
  /** Positive; 0 when both could be read. */
  readonly errno: number
  /** The mount ignores set-uid bits and file capabilities. */
  readonly nosuid: boolean
  /** `security.capability`; empty: none. */
  readonly capability: Uint8Array
}

/** The engine: the one thing that lib/ needs of the addon. */
export interface Engine {
  measure(plan: Plan): EngineResult
  measureAsync(plan: Plan): Promise<EngineResult>
  /** With the calling thread's own rights, without forking. */
  examine(pid: number, oracles: number): Examination
  /** One answer a tracer. */
  examineAs(request: ExamineRequest): readonly ExamineResult[]
  examineAsAsync(request: ExamineRequest): Promise<readonly ExamineResult[]>
  /** Null: no such user. */
  lookUpUser(name: string): UserIds | null
  filePrivileges(path: string): FilePrivileges
}

type MayFail<T> = T & { readonly failed?: { readonly syscall: string; readonly errno: number } }

interface Addon {
  /** The version of what follows (`native/addon/addon.cc`); a build that is older may have none. */
  readonly abi?: number
  examine(pid: number, oracles: number): Examination
  examineAs(request: ExamineRequest): MayFail<readonly ExamineResult[]>
  examineAsAsync(request: ExamineRequest): Promise<MayFail<readonly ExamineResult[]>>
  measure(plan: Plan): MayFail<RawResult>
  measureAsync(plan: Plan): Promise<MayFail<RawResult>>
  lookUpUser(name: string): UserIds | null
  filePrivileges(path: string): FilePrivileges
}

/** The version of requests and answers that this library speaks; the addon must speak it, too. */
export const abi = 1

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

/** @throws TypeError `ERR_INVALID_ARG_VALUE` when there is no such user */
export function lookUpUser(engine: Engine, name: string): UserIds {
  const ids = engine.lookUpUser(name)
  if (ids === null) {
    throw invalidArgument('value', `Expected the name of a user of this machine, got '${name}'`)
  }
  return ids
}

/** Where the addon is looked for: as a checkout builds it, and as the package brings it. */
const places = ['build/Release', `prebuilds/linux-${process.arch}`]

function loadAddon(): Addon {
  try {
    const addon = loadFrom(places) ?? findAddon()
    requireAbi(addon)
    return addon
  } catch (cause) {
    throw missingAddon(packageRoot, places, cause, `${process.platform}-${process.arch}`)
  }
}

/**
 * Loads the file without a search: Node's own loader and node-gyp-build, which read directories and
 * guess at the machine, take longer than all the rest of a question.
 */
function loadFrom(places: readonly string[]): Addon | undefined {
  const file = places
    .map((place) => join(packageRoot, place, 'ptrace-probe.node'))
    .find((path) => existsSync(path))
  if (file === undefined) return undefined
  const module = { exports: {} }
  process.dlopen(module, file)
  return module.exports as Addon
}

/** A build of another version would take a request for something else. */
export function requireAbi(addon: { readonly abi?: number }): void {
  if (addon.abi === abi) return
  const found = addon.abi === undefined ? 'an unknown version' : `version ${addon.abi}`
  throw new Error(`the addon found has ${found} of the interface, and version ${abi} is needed`)
}

/** Whatever else node-gyp-build knows: other names, other places, PREBUILDS_ONLY. */
function findAddon(): Addon {
  const { createRequire } = process.getBuiltinModule('node:module')
  return createRequire(join(packageRoot, 'package.json'))('node-gyp-build')(packageRoot) as Addon
}

function wrap(addon: Addon): Engine {
  return {
    measure: (plan) => checked(addon.measure(plan)),
    measureAsync: async (plan) => checked(await addon.measureAsync(plan)),
    examine: (pid, oracles) => addon.examine(pid, oracles),
    examineAs: (request) => started(addon.examineAs(request)),
    examineAsAsync: async (request) => started(await addon.examineAsAsync(request)),
    lookUpUser: (name) => addon.lookUpUser(name),
    filePrivileges: (path) => addon.filePrivileges(path),
  }
}

function started<T>(raw: MayFail<T>): T {
  if (raw.failed !== undefined) throw systemError(raw.failed.syscall, raw.failed.errno)
  return raw
}

function checked(raw: MayFail<RawResult>): EngineResult {
  started(raw)
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
