import type { Style } from '../format/index.js'
import { quote, visible } from '../model/index.js'
import { asRoot } from './again.js'
import type { CommandLine, CommandName } from './command-line.js'
import { commands } from './commands.js'
import type { Context, Outside } from './context.js'
import { exitCodes, inStyle } from './exits.js'
import { parse } from './parse.js'

/** Runs the command and answers its exit code. */
export async function main(argv: readonly string[], outside: Outside): Promise<number> {
  const commandLine = parse(argv)
  if ('sentence' in commandLine) {
    return usageMistake(commandLine.sentence, commandLine.command, outside)
  }
  return inStyle(await carriedOut(commandLine, argv, outside), commandLine.exitStyle)
}

/** The exit code of the command, in the style that is documented for it. */
async function carriedOut(
  commandLine: CommandLine,
  argv: readonly string[],
  outside: Outside,
): Promise<number> {
  const style = styleOf(outside, commandLine)
  const { output } = commandLine
  try {
    if (output === undefined || commandLine.action !== 'run') {
      return await act(commandLine, { ...outside, argv, style, print: printer(outside) })
    }
    const pieces: string[] = []
    const print = async (text: string) => pieces.push(text) > 0
    const code = await act(commandLine, { ...outside, argv, style, print })
    await writeFile(output, pieces.join(''), outside)
    return code
  } catch (error) {
    const sentence = oneLine(error)
    if (isUsageMistake(error)) return usageMistake(sentence, commandLine.command, outside)
    const help = codeOf(error) === 'ERR_PTRACE_PROBE_IDENTITY' ? `: ${asRoot(argv)}` : ''
    outside.warn(`ptrace-probe: ${sentence}${help}\n`)
    return exitCodes.notMeasured
  }
}

async function act(commandLine: CommandLine, context: Context): Promise<number> {
  const { action, command } = commandLine
  switch (action) {
    case 'run': {
      const run = await commands[command].load()
      return run(commandLine, context)
    }
    case 'help':
      await context.print(
        (await import('./help.js')).helpText(command, context.home, context.style),
      )
      return exitCodes.measured
    case 'version':
      await context.print(`${await context.version()}\n`)
      return exitCodes.measured
    default:
      return action satisfies never
  }
}

async function writeFile(path: string, text: string, outside: Outside): Promise<void> {
  // A command with nothing to say, such as `require` for what is met, leaves an empty file.
  try {
    await outside.writeFile(path, text)
  } catch (error) {
    throw new Error(`cannot write ${quote(path)}: ${oneLine(error)}`)
  }
}

function styleOf(outside: Outside, { color, output, detail }: CommandLine): Style {
  const { columns, rows, env } = outside
  const isTTY = outside.isTTY && output === undefined
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
    ...(isTTY && rows ? { rows } : {}),
    ...(detail === undefined ? {} : { detail }),
  }
}

/** By the charset of `language_TERRITORY.charset@modifier` (setlocale(3)). */
function isUtf8(locale: string): boolean {
  const charset = locale.split('@')[0]?.split('.').at(-1)?.toLowerCase() ?? ''
  return ['utf-8', 'utf8'].includes(charset)
}

function printer({ write }: Outside): Context['print'] {
  return async (text) => {
    try {
      await write(text)
      return true
    } catch (error) {
      if (codeOf(error) === 'EPIPE') return false
      throw new Error(`cannot write the output: ${oneLine(error)}`)
    }
  }
}

function usageMistake(sentence: string, command: CommandName, { warn }: Outside): number {
  const place = command === 'report' ? '' : ` ${command}`
  // A question needs no reference to the help: the answer is in it.
  const more = sentence.endsWith('?') ? '' : ` (see 'ptrace-probe help${place}')`
  warn(`ptrace-probe: ${sentence}${more}\n`)
  return exitCodes.usage
}

const usageCodes: ReadonlySet<unknown> = new Set([
  'ERR_INVALID_ARG_TYPE',
  'ERR_INVALID_ARG_VALUE',
  'ERR_OUT_OF_RANGE',
])

/** Whether the library refused an argument that comes from the command line. */
function isUsageMistake(error: unknown): boolean {
  return usageCodes.has(codeOf(error))
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return visible(message.split('\n')[0] ?? '')
}
