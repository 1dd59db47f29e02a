import { maxPid, quote } from '../model/index.js'
import type { CommandLine } from './command-line.js'

/** A mistake in a command line that no single option shows, as a sentence; null if there is none. */
export type FindMistake = (commandLine: CommandLine) => string | null

/** For a command that takes options only. */
export const anyOperand: FindMistake = (commandLine) => extraOperand(commandLine, 0)

/** For `report`. */
export const reportMistake: FindMistake = (commandLine) =>
  anyOperand(commandLine) ?? watchMistake(commandLine)

/** For `check`. */
export const checkMistake: FindMistake = (commandLine) => {
  const { operands, names } = commandLine
  if (operands.length + names.length === 0) return 'check needs a PID, or --name NAME'
  const wrong = operands.find((operand) => !isPid(operand))
  if (wrong !== undefined) return noPid(wrong)
  return twoTracers(commandLine) ?? watchMistake(commandLine)
}

/** What is watched is written as it happens, which a file that changes all at once cannot show. */
function watchMistake({ watch, format, output }: CommandLine): string | null {
  if (!watch) return null
  if (output !== undefined) return '--watch and --output exclude each other'
  return ['text', 'json', 'ndjson'].includes(format)
    ? null
    : `--watch prints text, json or ndjson, not ${format}`
}

/** What is said of a word in the place of a PID. */
export function noPid(word: string): string {
  return `check expects a PID, a whole number from 1 to ${maxPid}, got ${quote(word)}`
}

/** For `settings`. */
export const settingsMistake: FindMistake = (commandLine) =>
  anyOperand(commandLine) ??
  (commandLine.format === 'sarif' && commandLine.root === undefined
    ? 'the format sarif is for --root DIR: no repository has the files of a running machine'
    : null)

/** For `diff`. */
export const diffMistake: FindMistake = (commandLine) =>
  commandLine.operands.length < 2
    ? 'diff needs two files, each with a report or an envelope'
    : extraOperand(commandLine, 2)

/** For `merge`, which takes any number of paths. */
export const noMistake: FindMistake = () => null

/** For `survey`. */
export const surveyMistake: FindMistake = (commandLine) =>
  anyOperand(commandLine) ?? twoTracers(commandLine)

/** For `require`. */
export const requireMistake: FindMistake = (commandLine) =>
  commandLine.operands.length === 0
    ? 'require needs to know what: RELATION[+CONSENT][/METHOD]'
    : extraOperand(commandLine, 1)

/** Whether a word can be a PID. */
export function isPid(text: string): boolean {
  return /^\d{1,10}$/.test(text) && Number(text) >= 1 && Number(text) <= maxPid
}

function extraOperand({ command, operands }: CommandLine, allowed: number): string | null {
  const extra = operands[allowed]
  if (extra === undefined) return null
  const takes = ['takes only options', 'takes one', 'takes two'][allowed]
  return `unexpected argument ${quote(extra)}, ${command} ${takes}`
}

function twoTracers({ command, tracer, tool, users }: CommandLine): string | null {
  if (users.length > 1)
    return `${command} takes one --as-user, got ${users.map(quote).join(' and ')}`
  const given = [
    ...(tool === undefined ? [] : ['--tool']),
    ...(tracer === undefined ? [] : ['--tracer']),
    ...(users.length === 0 ? [] : ['--as-user']),
  ]
  return given.length > 1
    ? `${given.join(' and ')} exclude each other, because each names the tracer`
    : null
}
