import { parseArgs } from 'node:util'
import { formats } from './format/index.js'

/** Exit codes of the command. */
export const exitCodes = { measured: 0, usage: 2, notMeasured: 3 } as const

/** What a command line asks for. */
export interface Settings {
  format: string
  users: readonly string[]
  timeoutMs?: number
  color: boolean
  action: 'report' | 'help' | 'version'
}

interface Option {
  readonly name: string
  readonly short?: string
  /** The name of the option's value in the help text; without it the option takes none. */
  readonly value?: string
  readonly does: string
  /** Enters the option into the settings, or answers what was expected instead. */
  readonly apply: (settings: Settings, value: string) => string | null
}

// As the library has it, which is not loaded to look at a command line.
const maxTimeoutMs = 600_000

const formatNames = Object.keys(formats)

/** THE table of options: what is parsed, in which order the help lists it, and what it does. */
const options: readonly Option[] = [
  {
    name: 'json',
    does: 'print JSON (see schema/report.json), as --format json',
    apply: (settings) => set(settings, { format: 'json' }),
  },
  {
    name: 'format',
    value: 'NAME',
    does: `print the report as ${formatNames.join(' or ')}`,
    apply: (settings, format) =>
      Object.hasOwn(formats, format)
        ? set(settings, { format })
        : `one of ${formatNames.join(', ')}`,
  },
  {
    name: 'as-user',
    value: 'NAME',
    does: 'measure as that user too; root only, may be repeated',
    apply: (settings, name) =>
      name === ''
        ? 'the name of a user'
        : set(settings, { users: [...new Set([...settings.users, name])] }),
  },
  {
    name: 'timeout',
    value: 'MS',
    does: 'give up after that many milliseconds',
    apply: (settings, value) =>
      /^\d{1,9}$/.test(value) && Number(value) >= 1 && Number(value) <= maxTimeoutMs
        ? set(settings, { timeoutMs: Number(value) })
        : `a whole number of milliseconds from 1 to ${maxTimeoutMs}`,
  },
  {
    name: 'no-color',
    does: 'do not colour the report',
    apply: (settings) => set(settings, { color: false }),
  },
  {
    name: 'help',
    short: 'h',
    does: 'print this text',
    apply: (settings) => set(settings, { action: 'help' }),
  },
  {
    name: 'version',
    short: 'V',
    does: 'print the version',
    apply: (settings) => set(settings, { action: 'version' }),
  },
]

function set(settings: Settings, change: Partial<Settings>): null {
  Object.assign(settings, change)
  return null
}

/** The help text, made from the table. */
export function helpText(): string {
  const rows = options.map(({ name, short, value, does }) => {
    const usage = `${short ? `-${short}, ` : '    '}--${name}${value ? ` ${value}` : ''}`
    return `  ${usage.padEnd(20)}  ${does}\n`
  })
  return `Usage: ptrace-probe [OPTION]...

Finds out, by trying, what this machine lets one process do to another with
ptrace, and reports the Yama scope that is really enforced. Only processes that
it starts itself are attached to.

Options:
${rows.join('')}
Exit status: ${exitCodes.measured} measured, ${exitCodes.usage} usage mistake, ${exitCodes.notMeasured} could not measure.
`
}

/** What a command line asks for, or one sentence about its first mistake. */
export function parse(argv: readonly string[]): Settings | string {
  const settings: Settings = { format: 'text', users: [], color: true, action: 'report' }
  const { tokens } = parseArgs({
    args: [...argv],
    // Mistakes are reported below: in one sentence, and with what was expected.
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      options.map(({ name, short, value }) => {
        return [name, { type: value ? 'string' : 'boolean', ...(short ? { short } : {}) }]
      }),
    ),
  })
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue
    if (token.kind === 'positional') {
      return `unexpected argument ${quote(token.value)}, the command takes only options`
    }
    const { rawName, value, inlineValue } = token
    const option = options.find(({ name }) => name === token.name)
    if (!option) return `unknown option ${quote(rawName)}, expected one of ${optionNames()}`
    if (!option.value && value !== undefined)
      return `option ${rawName} takes no value, got ${quote(value)}`
    if (option.value && (value === undefined || (value.startsWith('-') && !inlineValue))) {
      const got = value === undefined ? 'nothing' : quote(value)
      return `option ${rawName} needs a value (${option.value}), got ${got}`
    }
    const expected = option.apply(settings, value ?? '')
    if (expected !== null) return `option ${rawName} expects ${expected}, got ${quote(value ?? '')}`
  }
  return settings
}

function optionNames(): string {
  return options.map(({ name }) => `--${name}`).join(', ')
}

/** The input in quotes, and nothing in it that a terminal would obey. */
function quote(text: string): string {
  return `'${text.replace(/\p{C}/gu, '?')}'`
}
