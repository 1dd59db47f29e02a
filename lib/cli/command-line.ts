import type { AccessMethod, ProfileName, TracerName } from '../model/index.js'
import type { ExitStyle } from './exits.js'

/** What a command line asks for. */
export interface CommandLine {
  command: CommandName
  action: 'run' | 'help' | 'version'
  format: string
  color: boolean
  /** `--quiet` or `--verbose`: the last one counts. */
  detail?: 'quiet' | 'verbose'
  /** `--as-user`. */
  users: readonly string[]
  /** `--name`. */
  names: readonly string[]
  /** `--profile`. */
  profile?: ProfileName
  /** `--policy`, `--policy-file`, `--scope`, `--relation`, as they were written. */
  policies: readonly string[]
  policyFiles: readonly string[]
  scopes: readonly string[]
  relations: readonly string[]
  listPolicies: boolean
  /** `--watch`. */
  watch: boolean
  /** `--tracer`. */
  tracer?: TracerName
  /** `--tool`. */
  tool?: string
  /** `--method`. */
  method?: AccessMethod
  /** `--timeout`, as the functions of the library take it. */
  timeout: { readonly timeoutMs?: number }
  /** `--quiet-kernel`, in the same way. */
  kernel: { readonly quietKernel?: boolean }
  /** `--exit-style`: as whom the exit status speaks. */
  exitStyle?: ExitStyle
  /** `--root`. */
  root?: string
  /** `--output`. */
  output?: string
  /** `--cache`. */
  cache?: string
  /** The words that are neither options nor the name of the command. */
  operands: readonly string[]
}

/** The commands. `report` runs when none is named. */
export type CommandName =
  | 'report'
  | 'check'
  | 'survey'
  | 'settings'
  | 'assert'
  | 'tools'
  | 'require'
  | 'explain'
  | 'collect'
  | 'merge'
  | 'diff'
