import { maxTimeoutMs, oneOf } from '../model/index.js'
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
  | 'output'
  | 'no-color'
  | 'help'
  | 'version'

/** What the completion of a shell offers for a word: these words, or what it looks up by itself. */
export type Offer =
  | readonly string[]
  | 'formats'
  | 'users'
  | 'pids'
  | 'process names'
  | 'policies'
  | 'files'
  | 'directories'

/** One option. The commands that take it say what it does there. */
export interface OptionRow {
  readonly name: OptionName
  readonly short?: string
  /** The name of the option's value in the help text; without it the option takes none. */
  readonly value?: string
  /** What shell completions offer for that value; nothing for free text and numbers. */
  readonly offers?: Offer
  /**
   * What the option changes in the command line, or, as a phrase, which value it expects instead.
   *
   * @param commandLine - as the options before this one made it
   * @param formats - the names of the formats of the command
   */
  readonly apply: (
    value: string,
    commandLine: CommandLine,
    formats: readonly string[],
  ) => Partial<CommandLine> | string
}

const tracers = ['self', 'child', 'stranger'] as const

/** THE table of options: how each is parsed, and what it changes. */
export const optionRows: readonly OptionRow[] = [
  { name: 'json', apply: () => ({ format: 'json' }) },
  {
    name: 'format',
    value: 'NAME',
    offers: 'formats',
    apply: (format, _, formats) => (oneOf(formats, format) ? { format } : anyOf(formats)),
  },
  {
    name: 'name',
    value: 'NAME',
    offers: 'process names',
    apply: (name, { names }) =>
      name === '' ? 'the name of a process' : { names: added(names, name) },
  },
  {
    name: 'tracer',
    value: 'WHICH',
    offers: tracers,
    apply: (tracer) => (oneOf(tracers, tracer) ? { tracer } : anyOf(tracers)),
  },
  {
    name: 'as-user',
    value: 'NAME',
    offers: 'users',
    apply: (name, { users }) =>
      name === '' ? 'the name of a user' : { users: added(users, name) },
  },
  {
    name: 'policy',
    value: 'NAME',
    offers: 'policies',
    apply: (name, { policies }) => ({ policies: added(policies, name) }),
  },
  {
    name: 'policy-file',
    value: 'FILE',
    offers: 'files',
    apply: (path, { policyFiles }) =>
      path === '' ? 'the name of a file' : { policyFiles: added(policyFiles, path) },
  },
  {
    name: 'scope',
    value: 'SCOPES',
    apply: (text, { scopes }) => ({ scopes: added(scopes, text) }),
  },
  {
    name: 'relation',
    value: 'CELL',
    apply: (text, { relations }) => ({ relations: added(relations, text) }),
  },
  { name: 'list-policies', apply: () => ({ listPolicies: true }) },
  {
    name: 'timeout',
    value: 'MS',
    apply: (value) =>
      /^\d{1,9}$/.test(value) && Number(value) >= 1 && Number(value) <= maxTimeoutMs
        ? { timeout: { timeoutMs: Number(value) } }
        : `a whole number of milliseconds from 1 to ${maxTimeoutMs}`,
  },
  {
    name: 'root',
    value: 'DIR',
    offers: 'directories',
    apply: (root) => (root === '' ? 'the path of a directory' : { root }),
  },
  {
    name: 'output',
    value: 'FILE',
    offers: 'files',
    apply: (output) => (output === '' ? 'the name of a file' : { output }),
  },
  { name: 'no-color', apply: () => ({ color: false }) },
  { name: 'help', short: 'h', apply: () => ({ action: 'help' }) },
  { name: 'version', short: 'V', apply: () => ({ action: 'version' }) },
]

function anyOf(words: readonly string[]): string {
  return `one of ${words.join(', ')}`
}

/** A repeated value counts once. */
function added(before: readonly string[], value: string): readonly string[] {
  return [...new Set([...before, value])]
}
