import type { Answer } from '../attach/index.js'
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

/** Whose access is asked about, as the library takes it. */
export type Tracer = 'self' | 'child' | 'stranger' | { user: string }

/** What `survey` takes. */
export interface TracerOptions {
  tracer?: Tracer
  timeoutMs?: number
}

/**
 * Everything that the command has to do with the world. What a measurement needs is loaded when it
 * is called, for `--help` must not load an addon.
 */
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
  /** This process. */
  readonly pid: number
  readonly version: () => Promise<string>
  readonly probe: (options: { timeoutMs?: number; identities?: Identity[] }) => Promise<Report>
  readonly tools: (options: { timeoutMs?: number; identities?: Identity[] }) => Promise<ToolsReport>
  /** The answers about several tracers, in their order. */
  readonly canAttachEach: (
    pid: number,
    tracers: readonly Tracer[],
    options: { timeoutMs?: number },
  ) => Promise<readonly Answer[]>
  readonly survey: (options: TracerOptions) => AsyncIterable<Verdict>
  readonly settings: (options: { root?: string }) => Promise<SettingsReport>
  /** The policy in that file; rejects with one sentence about what is wrong with it. */
  readonly readPolicy: (path: string) => Promise<Policy>
  /** The processes of that name. */
  readonly processesNamed: (name: string) => Promise<readonly number[]>
  /** The uid of that user, or of this process; null when there is no such user. */
  readonly uidOf: (user: string | null) => Promise<number | null>
}

/** What a command is given besides its settings. */
export interface World {
  readonly io: Io
  readonly style: Style
  /** Writes to standard output. False: the reader has seen enough (`| head`) and went away. */
  readonly print: (text: string) => Promise<boolean>
}

/** Carries a command out and answers its exit code. Every file in `commands/` exports one. */
export type Run = (settings: CommandLine, world: World) => Promise<number>
