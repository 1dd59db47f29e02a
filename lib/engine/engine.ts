import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { errnoName, invalidArgument, PtraceProbeError, quote, signalName } from '../model/index.js'
import type { Addon, Engine, MayFail, PackedResult, Running } from './contract.js'
import type { ExamineResult } from './examination.js'
import type { EngineResult, Outcome, RawResult, UserIds } from './measurement.js'
import { missingAddon } from './missing.js'
import { packageRoot } from './package.js'
import { unpack, unpackOne } from './unpack.js'
import { abi, words } from './words.js'

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
    const needed = /^\d+$/.test(name) ? ': a name is needed, not an id' : ''
    throw invalidArgument('value', `There is no user ${quote(name)} on this machine${needed}`)
  }
  return ids
}

/** Where the addon is looked for: as a checkout builds it, and as the package brings it. */
const places = ['build/Release', `prebuilds/linux-${process.arch}`]

function loadAddon(): Addon {
  try {
    const addon = loadFrom(places) ?? findAddon()
    requireContract(addon)
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
  // What a file exports has no type: requireContract() asks which one it is.
  return module.exports as Addon
}

/** An addon that was built from other sources would take a request for something else. */
export function requireContract(addon: Pick<Addon, 'abi' | 'words'>): void {
  if (addon.abi !== abi) {
    const found = addon.abi === undefined ? 'an unknown version' : `version ${addon.abi}`
    throw new Error(`the addon found has ${found} of the interface, and version ${abi} is needed`)
  }
  if (addon.words !== words) throw new Error('the addon found knows other words than this library')
}

/** Whatever else node-gyp-build knows: other names, other places, PREBUILDS_ONLY. The same as above. */
function findAddon(): Addon {
  const { createRequire } = process.getBuiltinModule('node:module')
  return createRequire(join(packageRoot, 'package.json'))('node-gyp-build')(packageRoot) as Addon
}

function wrap(addon: Addon): Engine {
  return {
    measure: (plan) => checked(addon.measure(plan)),
    measureAsync: async (plan, signal) => {
      return checked(await settled(() => addon.measureAsync(plan), signal))
    },
    examine: (pid, oracles) => unpackOne(addon.examine(pid, oracles)),
    examineAs: (request) => started(addon.examineAs(request)).map(resultOf),
    examineAsAsync: async (request, signal) => {
      const packed = await settled(() => addon.examineAsAsync(request), signal)
      return started(packed).map(resultOf)
    },
    lookUpUser: (name) => addon.lookUpUser(name),
    filePrivileges: (path) => addon.filePrivileges(path),
  }
}

function resultOf({ errno, isRelated, count, packed }: PackedResult): ExamineResult {
  return { errno, isRelated, results: unpack(packed, count) }
}

/** What the work answers, unless the signal ends it: then its reason is thrown, when all is gone. */
async function settled<T>(begin: () => Running<T>, signal: AbortSignal | undefined): Promise<T> {
  signal?.throwIfAborted()
  const { settled, cancel } = begin()
  signal?.addEventListener('abort', cancel)
  try {
    return await settled
  } finally {
    signal?.removeEventListener('abort', cancel)
    signal?.throwIfAborted()
  }
}

function started<T>(raw: MayFail<T>): T {
  if (raw.failed !== undefined) throw systemError(raw.failed.syscall, raw.failed.errno)
  return raw
}

function checked(raw: MayFail<RawResult>): EngineResult {
  started(raw)
  if (raw.finished) return raw
  const { step, errno } = raw.abort
  if (errno !== 0) throw systemError(abortedBy[step], errno)
  const signal = raw.status & 0x7f
  throw new PtraceProbeError(
    signal === 0
      ? 'The measurement ended before it was finished'
      : `The measuring process was killed by ${signalName(signal)} before it was finished`,
    'ERR_PTRACE_PROBE_ENGINE',
  )
}

/** The system call whose failure ends the measurement in a step. In step `fork` it may be one of several. */
const abortedBy: { readonly [step in Outcome['step']]?: string } = {
  deadline: 'clock_gettime',
  guard: 'prctl',
  subreaper: 'prctl',
  dumpable: 'prctl',
  identity: 'capget',
}

function systemError(syscall: string | undefined, errno: number): PtraceProbeError {
  const why = syscall === undefined ? errnoName(errno) : `${errnoName(errno)}, ${syscall}`
  return new PtraceProbeError(
    `The measurement could not be started: ${why}`,
    'ERR_PTRACE_PROBE_ENGINE',
    syscall === undefined ? { errno } : { errno, syscall },
  )
}
