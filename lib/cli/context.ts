import type { Answer } from '../attach/index.js'
import type { Measured, Progress } from '../fleet/index.js'
import type { Style } from '../format/index.js'
import type { WatchedFacts } from '../machine/index.js'
import type {
  AccessMethod,
  Difference,
  Envelope,
  Fleet,
  Identity,
  Policy,
  Report,
  SettingsReport,
  ToolsReport,
  TracerName,
  Verdict,
} from '../model/index.js'
import type { AttachingTool } from '../tools/index.js'
import type { CommandLine } from './command-line.js'

/** Carries a command out and answers its exit code. Each file in `commands/` exports one. */
export type Command = (commandLine: CommandLine, context: Context) => Promise<number>

/** What a command works with. */
export interface Context extends Outside {
  readonly style: Style
  /** What stands after the name of the program. */
  readonly argv: readonly string[]
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
  /** Whether standard error is a terminal. Asked when needed: the answer takes time. */
  readonly isWatched: () => boolean
  /** Whether standard input is a terminal, so that somebody would have to type an envelope. */
  readonly isTyped: () => boolean
  /** Its height; undefined when there is none. */
  readonly rows: number | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  /** The PID of this process. */
  readonly pid: number
  /** What the file says, where this user alone can have written it; or null. */
  readonly readCache: (path: string) => Promise<string | null>
  readonly writeCache: (path: string, text: string) => Promise<void>
  /** What decides over the answers of `probe` as text; null where that cannot be told. */
  readonly fingerprint: () => Promise<string | null>
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly version: () => Promise<string>
  /** The directory of this package, where its documents and completions are. */
  readonly home: string
  readonly probe: (options: Measurement) => Promise<Report>
  readonly tools: (options: Measurement) => Promise<ToolsReport>
  readonly collect: (options: Measurement & { policies: readonly Policy[] }) => Promise<Envelope>
  /** Sums up the envelopes in these files and directories; `-` is standard input. */
  readonly merge: (paths: readonly string[], progress: Progress) => Promise<Fleet>
  /** The report or envelope in that file; rejects with one sentence about what is wrong with it. */
  readonly readMeasured: (path: string) => Promise<Measured>
  readonly difference: (before: Measured, after: Measured) => Promise<Difference>
  /** The answers about several tracers, in the order of the tracers. */
  readonly canAttachEach: (
    pid: number,
    tracers: readonly TracerName[],
    options: { method?: AccessMethod; timeoutMs?: number },
  ) => Promise<readonly Answer[]>
  /** The tool of that name; rejects with one sentence where there is none. */
  readonly findTool: (name: string) => Promise<AttachingTool>
  readonly survey: (options: SurveyOptions) => AsyncIterable<Verdict>
  readonly settings: (options: { root?: string }) => Promise<SettingsReport>
  /** The policy in that file; rejects with one sentence about what is wrong with it. */
  readonly readPolicy: (path: string) => Promise<Policy>
  /** The PIDs of the processes with that name. */
  readonly processesNamed: (name: string) => Promise<readonly number[]>
  /** What an answer about these processes rests on. */
  readonly factsAbout: (pids: readonly number[]) => WatchedFacts
  /**
   * A clock that settles after that many milliseconds, with false once the user has asked to end
   * (SIGINT, SIGTERM).
   */
  readonly ticks: (milliseconds: number) => () => Promise<boolean>
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
  tracer?: TracerName
  method?: AccessMethod
  timeoutMs?: number
}
