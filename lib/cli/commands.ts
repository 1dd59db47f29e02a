import {
  assertionFormats,
  formats,
  settingsFormats,
  surveyFormats,
  toolFormats,
  verdictFormats,
} from '../format/index.js'
import { maxPid, quote } from '../model/index.js'
import type { CommandLine, CommandName } from './command-line.js'
import type { OptionName } from './options.js'

/** What parsing has to know of a command. What a reader has to know is in `usage.ts`. */
export interface Grammar {
  /** The options that it takes. */
  readonly options: readonly OptionName[]
  /** The names that `--format` takes. */
  readonly formats: readonly string[]
  /** One sentence about a mistake that no single option shows; null when there is none. */
  readonly mistake: (settings: CommandLine) => string | null
}

const standard = ['timeout', 'no-color', 'help', 'version'] as const

/** The grammar of every command. */
export const grammar: Readonly<Record<CommandName, Grammar>> = {
  report: {
    options: ['json', 'format', 'as-user', ...standard],
    formats: Object.keys(formats),
    mistake: () => null,
  },
  check: {
    options: ['name', 'tracer', 'as-user', 'json', 'format', ...standard],
    formats: Object.keys(verdictFormats),
    mistake: (settings) => checkMistake(settings) ?? tracerMistake(settings),
  },
  survey: {
    options: ['tracer', 'as-user', 'json', 'format', ...standard],
    formats: Object.keys(surveyFormats),
    mistake: (settings) => operandMistake(settings, 0) ?? tracerMistake(settings),
  },
  settings: {
    options: ['root', 'json', 'format', 'no-color', 'help', 'version'],
    formats: Object.keys(settingsFormats),
    mistake: (settings) => operandMistake(settings, 0),
  },
  assert: {
    options: [
      'policy',
      'policy-file',
      'scope',
      'relation',
      'list-policies',
      'as-user',
      'json',
      'format',
      ...standard,
    ],
    formats: Object.keys(assertionFormats),
    mistake: (settings) => operandMistake(settings, 0),
  },
  tools: {
    options: ['as-user', 'json', 'format', ...standard],
    formats: Object.keys(toolFormats),
    mistake: (settings) => operandMistake(settings, 0),
  },
  require: {
    options: ['timeout', 'help', 'version'],
    formats: ['text'],
    mistake: (settings) =>
      settings.operands.length === 0
        ? 'require needs to know what: RELATION[+CONSENT][/METHOD]'
        : operandMistake(settings, 1),
  },
}

function checkMistake({ operands, names }: CommandLine): string | null {
  if (operands.length + names.length === 0) return 'check needs a PID, or --name NAME'
  const wrong = operands.find(
    (pid) => !/^\d{1,10}$/.test(pid) || Number(pid) < 1 || Number(pid) > maxPid,
  )
  return wrong === undefined
    ? null
    : `check expects a PID, a whole number from 1 to ${maxPid}, got ${quote(wrong)}`
}

function operandMistake({ command, operands }: CommandLine, allowed: number): string | null {
  const extra = operands[allowed]
  if (extra === undefined) return null
  const takes = allowed === 0 ? 'takes only options' : 'takes one'
  return `unexpected argument ${quote(extra)}, ${command} ${takes}`
}

function tracerMistake({ command, tracer, users }: CommandLine): string | null {
  if (users.length > 1)
    return `${command} takes one --as-user, got ${users.map(quote).join(' and ')}`
  return tracer !== undefined && users.length > 0
    ? '--tracer and --as-user exclude each other, for both name the tracer'
    : null
}
