import { maxTimeoutMs } from '../model/index.js'
import type { CommandLine } from './command-line.js'

/** The name of an option. */
export type OptionName =
  | 'json'
  | 'format'
  | 'name'
  | 'tracer'
  | 'as-user'
  | 'policy'
  | 'policy-file'
  | 'scope'
  | 'relation'
  | 'list-policies'
  | 'timeout'
  | 'root'
  | 'no-color'
  | 'help'
  | 'version'

/** What a shell offers where a word is due: these words, or what it can look up by itself. */
export type Offer =
  | readonly string[]
  | 'formats'
  | 'users'
  | 'pids'
  | 'process names'
  | 'policies'
  | 'files'
  | 'directories'

/** One option. What it does is said by the commands that take it. */
export interface OptionRow {
  readonly name: OptionName
  readonly short?: string
  /** The name of the option's value in the help text; without it the option takes none. */
  readonly value?: string
  /** What shell completions offer for that value; nothing where it is a number. */
  readonly offers?: Offer
  /**
   * Enters the option into the settings, or answers what was expected instead.
   *
   * @param formats - the names of the formats of the command
   */
  readonly apply: (
    settings: CommandLine,
    value: string,
    formats: readonly string[],
  ) => string | null
}

const tracers = ['self', 'child', 'stranger'] as const

/** THE table of options: what can be parsed, and what it means. */
export const optionRows: readonly OptionRow[] = [
  { name: 'json', apply: (settings) => set(settings, { format: 'json' }) },
  {
    name: 'format',
    value: 'NAME',
    offers: 'formats',
    apply: (settings, format, formats) =>
      formats.includes(format) ? set(settings, { format }) : `one of ${formats.join(', ')}`,
  },
  {
    name: 'name',
    value: 'NAME',
    offers: 'process names',
    apply: (settings, name) =>
      name === '' ? 'the name of a process' : set(settings, { names: added(settings.names, name) }),
  },
  {
    name: 'tracer',
    value: 'WHICH',
    offers: tracers,
    apply: (settings, value) => {
      const tracer = tracers.find((name) => name === value)
      return tracer ? set(settings, { tracer }) : `one of ${tracers.join(', ')}`
    },
  },
  {
    name: 'as-user',
    value: 'NAME',
    offers: 'users',
    apply: (settings, name) =>
      name === '' ? 'the name of a user' : set(settings, { users: added(settings.users, name) }),
  },
  {
    name: 'policy',
    value: 'NAME',
    offers: 'policies',
    apply: (settings, name) => set(settings, { policies: added(settings.policies, name) }),
  },
  {
    name: 'policy-file',
    value: 'FILE',
    offers: 'files',
    apply: (settings, path) =>
      path === ''
        ? 'the name of a file'
        : set(settings, { policyFiles: added(settings.policyFiles, path) }),
  },
  {
    name: 'scope',
    value: 'SCOPES',
    apply: (settings, text) => set(settings, { scopes: added(settings.scopes, text) }),
  },
  {
    name: 'relation',
    value: 'CELL',
    apply: (settings, text) => set(settings, { relations: added(settings.relations, text) }),
  },
  { name: 'list-policies', apply: (settings) => set(settings, { listPolicies: true }) },
  {
    name: 'timeout',
    value: 'MS',
    apply: (settings, value) =>
      /^\d{1,9}$/.test(value) && Number(value) >= 1 && Number(value) <= maxTimeoutMs
        ? set(settings, { timeoutMs: Number(value) })
        : `a whole number of milliseconds from 1 to ${maxTimeoutMs}`,
  },
  {
    name: 'root',
    value: 'DIR',
    offers: 'directories',
    apply: (settings, root) => (root === '' ? 'the path of a directory' : set(settings, { root })),
  },
  { name: 'no-color', apply: (settings) => set(settings, { color: false }) },
  { name: 'help', short: 'h', apply: (settings) => set(settings, { action: 'help' }) },
  { name: 'version', short: 'V', apply: (settings) => set(settings, { action: 'version' }) },
]

function set(settings: CommandLine, change: Partial<CommandLine>): null {
  Object.assign(settings, change)
  return null
}

/** A repeated option counts once. */
function added(before: readonly string[], value: string): readonly string[] {
  return [...new Set([...before, value])]
}
