import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { errnoName, invalidArgument, PtraceProbeError, signalName } from '../model/index.js'
import {
  type Addon,
  abi,
  type Engine,
  type EngineResult,
  type MayFail,
  type RawResult,
  type UserIds,
  words,
} from './contract.js'
import { missingAddon } from './missing.js'
import { packageRoot } from './package.js'

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
