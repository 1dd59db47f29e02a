import { accessSync, constants, realpathSync } from 'node:fs'
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path'

import { field } from './field.js'

/** What a debug configuration, or the arguments of an `attach` request, will attach to, and by what. */
export interface Attach {
  readonly pid: number
  /** The programs that may be what calls ptrace: the first that is there will be. */
  readonly tracers: readonly string[]
}

/** Keys by which the process is on another machine, or found by other means than its PID. */
const elsewhere = [
  ...['miDebuggerServerAddress', 'pipeTransport', 'useExtendedRemote', 'debugServerPath'],
  ...['gdb-remote-port', 'gdb-remote-hostname', 'attachCommands', 'processCreateCommands'],
  ...['host', 'port', 'connect', 'listen', 'coreFile', 'coreDumpPath', 'waitFor'],
] as const

/** What calls ptrace for an adapter, by its own file and by the `type` of the configuration. */
const rows: readonly {
  readonly types: readonly string[]
  readonly adapters: RegExp
  readonly tracers: (configuration: unknown, adapter: string | null) => readonly string[]
}[] = [
  {
    types: ['cppdbg'],
    adapters: /^OpenDebugAD7/,
    tracers: (configuration) => {
      const named = field(configuration, 'miDebuggerPath')
      const usual = field(configuration, 'MIMode') === 'lldb' ? 'lldb-server' : 'gdb'
      return [...(typeof named === 'string' ? [named] : []), usual]
    },
  },
  { types: ['cuda-gdb'], adapters: /^cuda-?gdb/i, tracers: gdbNamed('cuda-gdb') },
  // It injects itself by gdb.
  { types: ['debugpy', 'python'], adapters: /^debugpy/, tracers: () => ['gdb'] },
  // LLDB starts this program, which attaches.
  {
    types: ['lldb', 'lldb-dap', 'lldb-vscode'],
    adapters: /^(lldb-dap|lldb-vscode|codelldb)/,
    tracers: (_, adapter) => {
      const beside = adapter === null ? [] : [join(dirname(adapter), 'lldb-server')]
      return [...beside, 'lldb-server']
    },
  },
  {
    types: ['go'],
    adapters: /^dlv/,
    tracers: (configuration, adapter) => {
      const named = field(configuration, 'dlvToolPath')
      return [...(typeof named === 'string' ? [named] : []), adapter ?? 'dlv', 'dlv']
    },
  },
  { types: ['gdb'], adapters: /^gdb/, tracers: (_, adapter) => [adapter ?? 'gdb', 'gdb'] },
]

function gdbNamed(usual: string): (configuration: unknown) => readonly string[] {
  return (configuration) => {
    const named = field(configuration, 'debuggerPath')
    return [...(typeof named === 'string' ? [named] : []), usual]
  }
}

/**
 * What a configuration attaches to; null where it does not name a process of this machine.
 *
 * @param adapter - the program of the debug adapter, if it is known
 */
export function attachOf(configuration: unknown, adapter: string | null): Attach | null {
  const mode = field(configuration, 'mode')
  if (elsewhere.some((key) => isGiven(field(configuration, key)))) return null
  if (mode !== undefined && mode !== 'local') return null
  const pid = pidOf(field(configuration, 'pid')) ?? pidOf(field(configuration, 'processId'))
  if (pid === null) return null
  const type = field(configuration, 'type')
  const name = adapter === null ? '' : basename(adapter)
  const row =
    rows.find(({ adapters }) => adapters.test(name)) ??
    rows.find(({ types }) => types.some((each) => each === type))
  return { pid, tracers: row?.tracers(configuration, adapter) ?? (adapter ? [adapter] : []) }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && value !== false
}

/** Editors send it as a number or as text. */
function pidOf(value: unknown): number | null {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string' || !/^[1-9]\d{0,9}$/.test(text)) return null
  const pid = Number(text)
  return pid <= 0x7fffffff ? pid : null
}

/** The file of a program, as execvp(3) finds it, without links; null if there is none. */
export function findProgram(name: string, searchPath: string): string | null {
  const places = name.includes('/')
    ? [name]
    : searchPath.split(delimiter).flatMap((each) => (isAbsolute(each) ? [join(each, name)] : []))
  for (const place of places) {
    try {
      accessSync(place, constants.X_OK)
      return realpathSync(place)
    } catch {} // it is not here
  }
  return null
}
