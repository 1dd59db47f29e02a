import { accessSync, constants, statSync } from 'node:fs'
import type { Engine } from '../engine/index.js'
import {
  type Credentials,
  interpreterOf,
  keepsLabel,
  readCredentials,
  readFacts,
} from '../machine/index.js'
import {
  type AfterExec,
  type BeforeExec,
  capabilityNames,
  credentialsAfter,
  type Evidence,
  type ExecutedFile,
  list,
  PtraceProbeError,
  parseFileCapabilities,
  quote,
} from '../model/index.js'

/** The ids of this process. */
export type OwnIds = Pick<BeforeExec, 'uids' | 'gids'>

/** What a program would have that this process starts. */
export interface Program {
  readonly path: string
  /** Null: what this process has itself could not be read. */
  readonly after: AfterExec | null
  /** Its file gives it anything, or takes it away. */
  readonly changes: boolean
  /** What this process has in its ambient set is not for this program. */
  readonly clearsAmbient: boolean
  /** It keeps the label of this process; null: that cannot be told. */
  readonly keepsLabel: boolean | null
  readonly evidence: readonly Evidence[]
}

/** SECBIT_NOROOT (linux/securebits.h). */
const noRoot = 1

/**
 * Reads what a program would have. It is not run.
 *
 * @throws PtraceProbeError `ERR_PTRACE_PROBE_NO_TRACER` when this process may not run it
 */
export function readProgram(
  path: string,
  engine: Pick<Engine, 'filePrivileges'>,
  ids: OwnIds,
): Program {
  const file = interpreterOf(path) ?? path
  const stats = statOf(file)
  const { errno, nosuid, capability, securebits, label } = engine.filePrivileges(file)
  const own = readCredentials('thread-self')
  const capabilities = errno === 0 ? parseFileCapabilities(capability) : null
  const setUid = (stats.mode & constants.S_IFREG) !== 0 && (stats.mode & 0o4000) !== 0
  // Without the right to execute it, the set-gid bit means mandatory locking (inode(7)).
  const setGid = (stats.mode & 0o2010) === 0o2010
  const given = {
    setUid: setUid ? stats.uid : null,
    setGid: setGid ? stats.gid : null,
    capabilities,
    nosuid,
  }
  const isPlain = given.setUid === null && given.setGid === null && capabilities === null
  const after = own === null || errno !== 0 ? null : afterExec({ ids, own, securebits }, given)
  return {
    path,
    after,
    clearsAmbient:
      own !== null && own.ambient !== 0n && after?.starts === true && after.ambient === 0n,
    changes: !isPlain && !nosuid,
    keepsLabel: keepsLabel(file, readFacts().caller.label, label),
    evidence: [
      ...(setUid || setGid
        ? [{ source: `mode of ${file}`, result: (stats.mode & 0o7777).toString(8) }]
        : []),
      ...(capabilities === null
        ? []
        : [
            {
              source: `security.capability of ${file}`,
              result: `${list(capabilityNames(capabilities.permitted | capabilities.inheritable))} ${
                capabilities.effective ? 'effective' : 'not effective'
              }`,
            },
          ]),
      ...(nosuid && !isPlain ? [{ source: `mount of ${file}`, result: 'nosuid' }] : []),
    ],
  }
}

function afterExec(
  { ids, own, securebits }: { ids: OwnIds; own: Credentials; securebits: number },
  file: ExecutedFile,
): AfterExec {
  return credentialsAfter({ ...own, ...ids, noRoot: (securebits & noRoot) !== 0 }, file)
}

function statOf(path: string) {
  try {
    const stats = statSync(path)
    accessSync(path, constants.X_OK)
    if (stats.isFile()) return stats
  } catch (cause) {
    throw noProgram(path, cause)
  }
  throw noProgram(path)
}

function noProgram(path: string, cause?: unknown): PtraceProbeError {
  return new PtraceProbeError(
    `There is no program ${quote(path)} that this process may run`,
    'ERR_PTRACE_PROBE_NO_TRACER',
    cause === undefined ? {} : { cause },
  )
}
