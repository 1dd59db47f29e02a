import { formats } from './format/index.js'
import type { Style } from './format/terminal.js'
import type { Report } from './types.js'
import { exitCodes, helpText, parse, type Settings } from './usage.js'
import type { Identity } from './vocabulary.js'

/** Everything that the command has to do with the world. */
export interface Io {
  /** Writes to standard output; settles when the text has left this process, rejects on an error. */
  readonly write: (text: string) => Promise<void>
  /** Writes to standard error. */
  readonly warn: (text: string) => void
  /** Whether standard output is a terminal. */
  readonly isTTY: boolean
  /** Width of that terminal; undefined when there is none. */
  readonly columns: number | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly version: () => Promise<string>
  /** Measures. What it needs is loaded when it is called, for `--help` must not load an addon. */
  readonly probe: (options: { timeoutMs?: number; identities?: Identity[] }) => Promise<Report>
}

function styleOf({ isTTY, columns, env }: Io, { color }: Settings): Style {
  const { FORCE_COLOR, NO_COLOR, TERM, LC_ALL, LC_CTYPE, LANG } = env
  // FORCE_COLOR comes before everything else in the environment, as for Node itself.
  const wanted =
    FORCE_COLOR === undefined
      ? isTTY && !NO_COLOR && TERM !== 'dumb'
      : ['', '1', 'true', '2', '3'].includes(FORCE_COLOR)
  return {
    color: color && wanted,
    unicode: /(^|\.)utf-?8(@|$)/i.test(LC_ALL || LC_CTYPE || LANG || ''),
    columns: (isTTY && columns) || 80,
  }
}

/** Runs the command and answers its exit code. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const settings = parse(argv)
  if (typeof settings === 'string') return usageMistake(settings, io)
  if (settings.action === 'help') return print(helpText(), exitCodes.measured, io)
  if (settings.action === 'version') return print(`${await io.version()}\n`, exitCodes.measured, io)
  try {
    const { report, text } = await run(settings, io)
    return await print(text, measured(report) ? exitCodes.measured : exitCodes.notMeasured, io)
  } catch (error) {
    const sentence = oneLine(error)
    return isUsageMistake(error) ? usageMistake(sentence, io) : failure(sentence, io)
  }
}

async function run(settings: Settings, io: Io): Promise<{ report: Report; text: string }> {
  const { timeoutMs, users, format } = settings
  // The format is loaded while the measurement runs.
  const [report, render] = await Promise.all([
    io.probe({
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(users.length === 0 ? {} : { identities: identities(users) }),
    }),
    formats[format]?.(),
  ])
  return { report, text: render?.(report, styleOf(io, settings)) ?? '' }
}

function identities(users: readonly string[]): Identity[] {
  return ['caller', 'unprivileged', 'owner', ...users.map((user): Identity => `user:${user}`)]
}

/** False: not one attempt got an answer from the kernel, so the report says nothing about it. */
function measured({ scope, observations }: Report): boolean {
  const answered = observations.some(({ status }) => status === 'allowed' || status === 'denied')
  return answered || scope.enforced.name !== 'undetermined'
}

async function print(text: string, code: number, io: Io): Promise<number> {
  try {
    await io.write(text)
    return code
  } catch (error) {
    // The reader has seen enough (`| head`): that says nothing about the measurement.
    if (codeOf(error) === 'EPIPE') return code
    return failure(`cannot write the output: ${oneLine(error)}`, io)
  }
}

function usageMistake(sentence: string, { warn }: Io): number {
  warn(`ptrace-probe: ${sentence}\nTry 'ptrace-probe --help'.\n`)
  return exitCodes.usage
}

function failure(sentence: string, { warn }: Io): number {
  warn(`ptrace-probe: ${sentence}\n`)
  return exitCodes.notMeasured
}

const usageCodes: ReadonlySet<unknown> = new Set([
  'ERR_INVALID_ARG_TYPE',
  'ERR_INVALID_ARG_VALUE',
  'ERR_OUT_OF_RANGE',
])

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
