import { loadEngine } from '../engine/index.js'
import { bytesOf, installedPackages, interpreterOf, ownersOf } from '../machine/index.js'
import {
  capabilityNames,
  checkSignal,
  parseFileCapabilities,
  type Tool,
  type ToolPrivileges,
  type ToolsReport,
  type UnreadDatabase,
  visible,
} from '../model/index.js'
import { type ProbeOptions, probe } from '../probe/index.js'
import { effectsOf, type Seen } from './outcomes.js'
import { findPrograms, type Program } from './programs.js'
import { toolRows } from './table.js'

/**
 * Finds the debuggers, tracers, profilers, sanitizers, crash handlers and checkpointers of this
 * machine and tells which of them can start a program under ptrace(2) and which can attach to one
 * that runs already: derived from attempts, see {@link probe}, never from the configured value.
 *
 * Files are looked for in PATH and where distributions keep them. None of them is run: a version is
 * that of the package.
 *
 * @param options - see {@link ProbeOptions}
 * @returns every tool that was found
 * @throws as {@link probe}
 *
 * @example
 * ```js
 * import { tools } from 'ptrace-probe'
 *
 * for (const { name, path } of (await tools()).tools) console.log(name, path)
 * ```
 */
export async function tools(options?: ProbeOptions): Promise<ToolsReport> {
  const report = await probe(options)
  const programs = findPrograms(toolRows, process.env['PATH'] ?? '')
  const packages = await packagesOf(programs, checkSignal(options?.signal))
  const { schemaVersion, tool, time, host, caller, scope } = report
  return {
    schemaVersion,
    tool,
    time,
    host,
    caller,
    scope,
    tools: programs.map((program) => toolOf(program, packages, report)),
    unread: packages.unread,
  }
}

interface Packages {
  readonly owner: (program: Program) => string | null
  readonly versions: ReadonlyMap<string, string>
  readonly unread: readonly UnreadDatabase[]
}

async function packagesOf(
  programs: readonly Program[],
  signal: AbortSignal | undefined,
): Promise<Packages> {
  const paths = programs.flatMap(({ path, realPath }) => [bytesOf(path), bytesOf(realPath)])
  const [owners, installed] = await Promise.all([
    ownersOf(paths, '/', signal),
    installedPackages('/', signal),
  ])
  const unread = new Map([...owners.unread, ...installed.unread].map((each) => [each.name, each]))
  return {
    // A link may have no owner, such as those of update-alternatives(1).
    owner: ({ path, realPath }) =>
      owners.of.get(bytesOf(path)) ?? owners.of.get(bytesOf(realPath)) ?? null,
    versions: installed.versions,
    unread: [...unread.values()],
  }
}

function toolOf(program: Program, packages: Packages, seen: Seen): Tool {
  const { row, name, path } = program
  const owner = packages.owner(program)
  const privileges = privilegesOf(program, seen)
  const start = effectsOf(row.start, privileges, seen)
  const attach = effectsOf(row.attach, privileges, seen)
  return {
    name,
    kind: row.kind,
    path,
    package: owner,
    version: owner === null ? null : (packages.versions.get(owner) ?? null),
    privileges,
    start,
    attach,
    note: row.note ?? null,
    warning: row.attach === null ? null : warningOf(path, privileges),
  }
}

/** What the file gives to every user that starts it (execve(2)); null: nothing. */
function privilegesOf({ realPath, stats }: Program, { caller }: Seen): ToolPrivileges | null {
  const { nosuid, capability } = loadEngine().filePrivileges(realPath)
  const file = parseFileCapabilities(capability)
  const setUid = (stats.mode & 0o4000) === 0 ? null : stats.uid
  const capabilities = file === null ? [] : capabilityNames(file.permitted)
  if (setUid === null && capabilities.length === 0) return null
  const ignored = [
    nosuid && 'It is on a file system that is mounted nosuid.',
    interpreterOf(realPath) !== null && 'It is a script, and only its interpreter’s file counts.',
    file !== null && file.rootUid !== 0 && 'It counts in another user namespace only.',
    caller.noNewPrivs === true && 'This process may gain nothing by execve (no_new_privs).',
  ].find((reason) => reason !== false)
  return { setUid, capabilities, effective: file?.effective ?? false, ignored: ignored ?? null }
}

function warningOf(path: string, privileges: ToolPrivileges | null): string | null {
  if (privileges === null) return null
  const { setUid, capabilities, ignored } = privileges
  // What this process may not gain, others may.
  if (ignored !== null && !ignored.includes('no_new_privs')) return null
  const gains =
    setUid === 0
      ? 'runs as root'
      : capabilities.includes('CAP_SYS_PTRACE')
        ? 'gets CAP_SYS_PTRACE by its file'
        : null
  return gains === null
    ? null
    : `${visible(path)} ${gains} for every user that starts it: unless it checks its user itself, each of them can take over all processes that it can attach to.`
}
