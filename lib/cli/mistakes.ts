import { maxPid, quote } from '../model/index.js'
import type { CommandLine } from './command-line.js'

/** A mistake in a command line that no single option shows, as a sentence; null if there is none. */
export type FindMistake = (commandLine: CommandLine) => string | null

/** For a command that takes options only. */
export const anyOperand: FindMistake = (commandLine) => extraOperand(commandLine, 0)

/** For `check`. */
export const checkMistake: FindMistake = (commandLine) => {
  const { operands, names } = commandLine
  if (operands.length + names.length === 0) return 'check needs a PID, or --name NAME'
  const wrong = operands.find((operand) => !isPid(operand))
  if (wrong === undefined) return twoTracers(commandLine)
  return `check expects a PID, a whole number from 1 to ${maxPid}, got ${quote(wrong)}`
}

/** For `survey`. */
export const surveyMistake: FindMistake = (commandLine) =>
  anyOperand(commandLine) ?? twoTracers(commandLine)

/** For `require`. */
export const requireMistake: FindMistake = (commandLine) =>
  commandLine.operands.length === 0
    ? 'require needs to know what: RELATION[+CONSENT][/METHOD]'
    : extraOperand(commandLine, 1)

function isPid(text: string): boolean {
  return /^\d{1,10}$/.test(text) && Number(text) >= 1 && Number(text) <= maxPid
}

function extraOperand({ command, operands }: CommandLine, allowed: number): string | null {
  const extra = operands[allowed]
  if (extra === undefined) return null
  const takes = allowed === 0 ? 'takes only options' : 'takes one'
  return `unexpected argument ${quote(extra)}, ${command} ${takes}`
}

function twoTracers({ command, tracer, users }: CommandLine): string | null {
  if (users.length > 1)
    return `${command} takes one --as-user, got ${users.map(quote).join(' and ')}`
  return tracer !== undefined && users.length > 0
    ? '--tracer and --as-user exclude each other, because both name the tracer'
    : null
}
