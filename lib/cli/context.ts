import type { Answer, TracerOption } from '../attach/index.js'
import type { Style } from '../format/index.js'
import type {
  Identity,
  Policy,
  Report,
  SettingsReport,
  ToolsReport,
  Verdict,
} from '../model/index.js'
import type { CommandLine } from './command-line.js'

/** Carries a command out and answers its exit code. Each file in `commands/` exports one. */
export type Command = (commandLine: CommandLine, context: Context) => Promise<number>

/** What a command works with. */
export interface Context extends Outside {
  readonly style: Style
  /** Writes to standard output. False: the reader has closed it (`| head`) and wants no more. */
  readonly print: (text: string) => Promise<boolean>
}

/**
 * What lies outside the command: its process, and the questions that the library answers. The code
 * of a question is loaded when it is asked, because `--help` must not load an addon.
 */
export interface Outside {
  /** Writes to standard output. Settles when the text has left this process; rejects on an error. */
  readonly write: (text: string) => Promise<void>
  /** Replaces a file by one with that content, all at once. */
  readonly writeFile: (path: string, text: string) => Promise<void>
  /** Writes to standard error. */
  readonly warn: (text: string) => void
  /** Whether standard output is a terminal. */
  readonly isTTY: boolean
  /** The width of that terminal; undefined when there is none. */
  readonly columns: number | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  /** The PID of this process. */
  readonly pid: number
  readonly version: () => Promise<string>
  readonly probe: (options: Measurement) => Promise<Report>
  readonly tools: (options: Measurement) => Promise<ToolsReport>
  /** The answers about several tracers, in the order of the tracers. */
  readonly canAttachEach: (
    pid: number,
    tracers: readonly TracerOption[],
    options: { timeoutMs?: number },
  ) => Promise<readonly Answer[]>
  readonly survey: (options: SurveyOptions) => AsyncIterable<Verdict>
  readonly settings: (options: { root?: string }) => Promise<SettingsReport>
  /** The policy in that file; rejects with one sentence about what is wrong with it. */
  readonly readPolicy: (path: string) => Promise<Policy>
  /** The PIDs of the processes with that name. */
  readonly processesNamed: (name: string) => Promise<readonly number[]>
  /** The uid of that user, or of this process for null; null when there is no such user. */
  readonly uidOf: (user: string | null) => Promise<number | null>
}

/** The options of `probe` and `tools`. */
export interface Measurement {
  timeoutMs?: number
  identities?: Identity[]
}

/** The options of `survey`. */
export interface SurveyOptions {
  tracer?: TracerOption
  timeoutMs?: number
}
