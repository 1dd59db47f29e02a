import { parseArgs } from 'node:util'
import { list, nearest, quote, unknownWord } from '../model/index.js'
import type { CommandLine, CommandName } from './command-line.js'
import { commands } from './commands.js'
import { isPid, noPid } from './mistakes.js'
import { optionRows } from './options.js'

/** What is wrong with a command line, in one sentence. */
export interface Mistake {
  readonly sentence: string
  /** The command whose help says more. */
  readonly command: CommandName
}

/** What a command line asks for, or its first mistake. */
export function parse(argv: readonly string[]): CommandLine | Mistake {
  const tokens = tokensOf(argv)
  const words = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []))
  const isHelp = words[0] === 'help'
  const [word, ...operands] = isHelp ? words.slice(1) : words
  const named = nameOf(word)
  const commandLine: CommandLine = {
    command: named ?? 'report',
    action: isHelp ? 'help' : 'run',
    format: commands[named ?? 'report'].formats[0] ?? 'text',
    color: true,
    users: [],
    names: [],
    policies: [],
    policyFiles: [],
    scopes: [],
    relations: [],
    listPolicies: false,
    watch: false,
    timeout: {},
    kernel: {},
    operands,
  }
  const mistake = (sentence: string): Mistake => ({ sentence, command: commandLine.command })
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const given = argv[token.index] ?? token.rawName
    const sentence = enter({ ...token, given }, commandLine, named === undefined)
    if (sentence !== null) return mistake(sentence)
  }
  if (named === undefined) {
    if (isPid(word ?? '')) {
      return mistake(`unknown command ${quote(word ?? '')}. Did you mean 'check ${word}'?`)
    }
    return mistake(unknownWord('command', word ?? '', [...Object.keys(commands), 'help']))
  }
  const wrong = commandLine.action === 'run' ? commands[named].mistake(commandLine) : null
  return wrong === null ? commandLine : mistake(wrong)
}

/** Words and options. Node loads its parser when it is first called: not for words alone. */
function tokensOf(argv: readonly string[]) {
  if (!argv.some((arg) => arg.startsWith('-'))) {
    return argv.map((value) => ({ kind: 'positional', value }) as const)
  }
  return parseArgs({
    args: [...argv],
    // Mistakes are reported below: in one sentence, and with what was expected.
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      optionRows.map(({ name, short, value }) => {
        return [name, { type: value ? 'string' : 'boolean', ...(short ? { short } : {}) }]
      }),
    ),
  }).tokens
}

/** The command of that name; undefined if there is none. `report` needs no name. */
function nameOf(word: string | undefined): CommandName | undefined {
  if (word === undefined) return 'report'
  return isCommand(word) ? word : undefined
}

function isCommand(word: string): word is CommandName {
  return Object.hasOwn(commands, word)
}

type Token = {
  readonly name: string
  readonly rawName: string
  readonly value: string | undefined
  readonly inlineValue: boolean | undefined
  /** The word of the command line that it is in. */
  readonly given: string
}

/** The commands that take an option of that name. */
function takers(option: string): readonly string[] {
  return Object.entries(commands)
    .filter(([, { options }]) => option in options)
    .map(([name]) => name)
}

/** Enters an option into the command line; if that is not possible, says why in one sentence. */
function enter(token: Token, commandLine: CommandLine, anyCommand: boolean): string | null {
  const { rawName, value, inlineValue } = token
  const { options, formats } = commands[commandLine.command]
  const option = optionRows.find(({ name }) => name === token.name)
  if (!option || !(anyCommand || option.name in options)) {
    // The report takes no PID, and the command that does is what was meant.
    if (['check', 'report'].includes(commandLine.command) && /^-\d/.test(token.given)) {
      return noPid(token.given)
    }
    const others = takers(token.name)
    if (option && others.length > 0) {
      return `option ${rawName} is for ${list(others)}, not for ${commandLine.command}`
    }
    const names = Object.keys(options).map((name) => `--${name}`)
    const place = commandLine.command === 'report' ? '' : ` for ${commandLine.command}`
    return unknownWord('option', rawName, names, place)
  }
  if (!option.value && value !== undefined) {
    return `option ${rawName} takes no value, got ${quote(value)}`
  }
  if (option.value && (value === undefined || (value.startsWith('-') && !inlineValue))) {
    const got = value === undefined ? 'nothing' : quote(value)
    return `option ${rawName} needs a value (${option.value}), got ${got}`
  }
  const change = option.apply(value ?? '', commandLine, formats)
  if (typeof change === 'string') {
    return `option ${rawName} expects ${change}, got ${quote(value ?? '')}`
  }
  if (isWords(change)) {
    const near = nearest(value ?? '', change)
    return near === null
      ? `option ${rawName} expects one of ${change.join(', ')}, got ${quote(value ?? '')}`
      : unknownWord('value', value ?? '', change, ` of ${rawName}`)
  }
  Object.assign(commandLine, change)
  return null
}

function isWords(change: object): change is readonly string[] {
  return Array.isArray(change)
}
