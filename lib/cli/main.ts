import type { Style } from '../format/index.js'
import type { CommandLine, CommandName } from './command-line.js'
import { run as check } from './commands/check.js'
import type { Io, Run, World } from './context.js'
import { exitCodes } from './exits.js'
import { parse } from './parse.js'

/**
 * Who carries out which command. Loaded when it is asked for, so that none slows another down; but
 * for `check`, which debuggers wait for, and to load a file takes longer than to read what it holds.
 */
const runs: Readonly<Record<CommandName, () => Promise<Run>>> = {
  report: async () => (await import('./commands/report.js')).run,
  check: async () => check,
  survey: async () => (await import('./commands/survey.js')).run,
  settings: async () => (await import('./commands/settings.js')).run,
  assert: async () => (await import('./commands/assert.js')).run,
  tools: async () => (await import('./commands/tools.js')).run,
  require: async () => (await import('./commands/require.js')).run,
}

/** Runs the command and answers its exit code. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const settings = parse(argv)
  if ('sentence' in settings) return usageMistake(settings.sentence, settings.command, io)
  try {
    return await act(settings, { io, style: styleOf(io, settings), print: printer(io) })
  } catch (error) {
    const sentence = oneLine(error)
    if (isUsageMistake(error)) return usageMistake(sentence, settings.command, io)
    io.warn(`ptrace-probe: ${sentence}\n`)
    return exitCodes.notMeasured
  }
}

async function act(settings: CommandLine, world: World): Promise<number> {
  const { action, command } = settings
  if (action === 'run') return (await runs[command]())(settings, world)
  await world.print(
    action === 'help'
      ? (await import('./help.js')).helpText(command)
      : `${await world.io.version()}\n`,
  )
  return exitCodes.measured
}

function styleOf({ isTTY, columns, env }: Io, { color }: CommandLine): Style {
  const { FORCE_COLOR, NO_COLOR, TERM, LC_ALL, LC_CTYPE, LANG } = env
  // FORCE_COLOR comes before everything else in the environment, as for Node itself.
  const wanted =
    FORCE_COLOR === undefined
      ? isTTY && !NO_COLOR && TERM !== 'dumb'
      : ['', '1', 'true', '2', '3'].includes(FORCE_COLOR)
  return {
    color: color && wanted,
    unicode: isUtf8(LC_ALL || LC_CTYPE || LANG || ''),
    columns: (isTTY && columns) || 80,
  }
}

/** By the charset of `language_TERRITORY.charset@modifier` (setlocale(3)). */
function isUtf8(locale: string): boolean {
  const charset = locale.split('@')[0]?.split('.').at(-1)?.toLowerCase() ?? ''
  return ['utf-8', 'utf8'].includes(charset)
}

function printer(io: Io): World['print'] {
  return async (text) => {
    try {
      await io.write(text)
      return true
    } catch (error) {
      if (codeOf(error) === 'EPIPE') return false
      throw new Error(`cannot write the output: ${oneLine(error)}`)
    }
  }
}

function usageMistake(sentence: string, command: CommandName, { warn }: Io): number {
  const place = command === 'report' ? '' : `${command} `
  warn(`ptrace-probe: ${sentence}\nTry 'ptrace-probe ${place}--help'.\n`)
  return exitCodes.usage
}

const usageCodes: ReadonlySet<unknown> = new Set([
  'ERR_INVALID_ARG_TYPE',
  'ERR_INVALID_ARG_VALUE',
  'ERR_OUT_OF_RANGE',
])

/** Whether the library refused what the command line had asked it for. */
function isUsageMistake(error: unknown): boolean {
  return usageCodes.has(codeOf(error))
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return (message.split('\n')[0] ?? '').replace(/\p{C}/gu, '?')
}
