import {
  accessMethods,
  isTracerName,
  keysOf,
  maxTimeoutMs,
  oneOf,
  profileNames,
  tracerForms,
} from '../model/index.js'
import type { CommandLine } from './command-line.js'
import { exitStyleRows } from './exits.js'
import type { WordList } from './words.js'

/** The name of an option. */
export type OptionName =
  | 'json'
  | 'format'
  | 'name'
  | 'tracer'
  | 'tool'
  | 'method'
  | 'as-user'
  | 'profile'
  | 'policy'
  | 'policy-file'
  | 'scope'
  | 'relation'
  | 'list-policies'
  | 'watch'
  | 'exit-style'
  | 'timeout'
  | 'quiet-kernel'
  | 'root'
  | 'output'
  | 'cache'
  | 'quiet'
  | 'verbose'
  | 'no-color'
  | 'help'
  | 'version'

/** What the completion of a shell offers for a word: a list of words, or what it looks up by itself. */
export type Offer =
  | WordList
  | 'users'
  | 'pids'
  | 'process names'
  | 'files'
  | 'directories'
  | 'needs'
  | 'cells'
  | 'tools'
  | 'profiles'

/** One option. */
export interface OptionRow {
  readonly name: OptionName
  /** What it does, for the guide and for every command that says nothing more special. */
  readonly about: string
  readonly short?: string
  /** The name of the option's value in the help text; without it the option takes none. */
  readonly value?: string
  /** What shell completions offer for that value; nothing for free text and numbers. */
  readonly offers?: Offer
  /**
   * What the option changes in the command line, or which value it expects instead: one of these
   * words, or what a phrase says.
   *
   * @param commandLine - as the options before this one made it
   * @param formats - the names of the formats of the command
   */
  readonly apply: (
    value: string,
    commandLine: CommandLine,
    formats: readonly string[],
  ) => Partial<CommandLine> | string | readonly string[]
}

const exitStyles = keysOf(exitStyleRows)

/** THE table of options: how each is parsed, and what it changes. */
export const optionRows: readonly OptionRow[] = [
  { name: 'json', about: 'print JSON, as --format json', apply: () => ({ format: 'json' }) },
  {
    name: 'format',
    about: 'print in another format',
    value: 'NAME',
    offers: 'formats',
    apply: (format, _, formats) => (oneOf(formats, format) ? { format } : formats),
  },
  {
    name: 'name',
    about: 'check every process of that name, too; may be repeated',
    value: 'NAME',
    offers: 'process names',
    apply: (name, { names }) =>
      name === '' ? 'the name of a process' : { names: added(names, name) },
  },
  {
    name: 'tracer',
    about: 'ask about the access of that tracer',
    value: 'WHICH',
    offers: 'tracers',
    apply: (tracer) => (isTracerName(tracer) ? { tracer } : tracerForms),
  },
  {
    name: 'tool',
    about: 'ask about that tool, such as gdb: its program in PATH, and the calls that it makes',
    value: 'NAME',
    offers: 'tools',
    apply: (tool) => (tool === '' ? 'the name of a tool' : { tool }),
  },
  {
    name: 'method',
    about: 'ask about that way of access; attach is the default',
    value: 'HOW',
    offers: 'ways',
    apply: (method) => {
      if (oneOf(accessMethods, method)) return { method }
      return method === 'traceme'
        ? `one of ${accessMethods.join(', ')} (traceme is what the target does itself)`
        : accessMethods
    },
  },
  {
    name: 'as-user',
    about: 'measure, or ask, as that user too; root only',
    value: 'NAME',
    offers: 'users',
    apply: (name, { users }) =>
      name === '' ? 'the name of a user' : { users: added(users, name) },
  },
  {
    name: 'profile',
    about: 'add what a guide advises for a desktop, a server or a machine in a dmz',
    value: 'KIND',
    offers: 'profiles',
    apply: (profile) => (oneOf(profileNames, profile) ? { profile } : profileNames),
  },
  {
    name: 'policy',
    about: 'expect what that policy wants, or all of them; may be repeated',
    value: 'NAME',
    offers: 'policies',
    apply: (name, { policies }) => ({ policies: added(policies, name) }),
  },
  {
    name: 'policy-file',
    about: 'expect what a policy of your own wants (see schema/policy.json)',
    value: 'FILE',
    offers: 'files',
    apply: (path, { policyFiles }) =>
      path === '' ? 'the name of a file' : { policyFiles: added(policyFiles, path) },
  },
  {
    name: 'scope',
    about: 'expect the behaviour of one of these scopes',
    value: 'SCOPES',
    apply: (text, { scopes }) => ({ scopes: added(scopes, text) }),
  },
  {
    name: 'relation',
    about: 'expect that attempt to be allowed, or denied; may be repeated',
    value: 'CELL',
    offers: 'cells',
    apply: (text, { relations }) => ({ relations: added(relations, text) }),
  },
  {
    name: 'exit-style',
    about: 'exit with the codes that another program expects',
    value: 'NAME',
    offers: 'exitStyles',
    apply: (name) => (oneOf(exitStyles, name) ? { exitStyle: name } : exitStyles),
  },
  {
    name: 'list-policies',
    about: 'print the policies, with sources and dates, and exit',
    apply: () => ({ listPolicies: true }),
  },
  {
    name: 'watch',
    about: 'answer again at each change, until interrupted',
    apply: () => ({ watch: true }),
  },
  {
    name: 'timeout',
    about: 'give up after that many milliseconds; 10000 if not given',
    value: 'MS',
    apply: (value) =>
      /^\d{1,9}$/.test(value) && Number(value) >= 1 && Number(value) <= maxTimeoutMs
        ? { timeout: { timeoutMs: Number(value) } }
        : `a whole number of milliseconds from 1 to ${maxTimeoutMs}`,
  },
  {
    name: 'quiet-kernel',
    about: "ask only what leaves no line in the kernel's log",
    apply: () => ({ kernel: { quietKernel: true } }),
  },
  {
    name: 'root',
    about: 'read the unpacked system in that directory instead',
    value: 'DIR',
    offers: 'directories',
    apply: (root) => (root === '' ? 'the path of a directory' : { root }),
  },
  {
    name: 'output',
    about: 'write to that file, which is replaced in one step',
    value: 'FILE',
    offers: 'files',
    apply: (output) => (output === '' ? 'the name of a file' : { output }),
  },
  {
    name: 'cache',
    about: 'measure once for a suite: keep the answers in FILE',
    value: 'FILE',
    offers: 'files',
    apply: (cache) => (cache === '' ? 'the name of a file' : { cache }),
  },
  { name: 'quiet', about: 'print the verdict only', apply: () => ({ detail: 'quiet' }) },
  {
    name: 'verbose',
    about: 'print all evidence and sources',
    apply: () => ({ detail: 'verbose' }),
  },
  { name: 'no-color', about: 'do not colour the output', apply: () => ({ color: false }) },
  { name: 'help', about: 'print the options', short: 'h', apply: () => ({ action: 'help' }) },
  { name: 'version', about: 'print the version', short: 'V', apply: () => ({ action: 'version' }) },
]

/** A repeated value counts once. */
function added(before: readonly string[], value: string): readonly string[] {
  return [...new Set([...before, value])]
}

/** What these options do, in that order. */
export function aboutOf(...names: readonly OptionName[]): Partial<Record<OptionName, string>> {
  const rows = names.flatMap((name) => optionRows.filter((row) => row.name === name))
  return Object.fromEntries(rows.map(({ name, about }) => [name, about]))
}
