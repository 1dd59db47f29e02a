/** What a command line asks for. */
export interface CommandLine {
  command: CommandName
  action: 'run' | 'help' | 'version'
  format: string
  color: boolean
  /** `--as-user`. */
  users: readonly string[]
  /** `--name`. */
  names: readonly string[]
  /** `--policy`, `--policy-file`, `--scope`, `--relation`, as they were written. */
  policies: readonly string[]
  policyFiles: readonly string[]
  scopes: readonly string[]
  relations: readonly string[]
  listPolicies: boolean
  tracer?: 'self' | 'child' | 'stranger'
  /** `--timeout`, as the functions of the library take it. */
  timeout: { readonly timeoutMs?: number }
  /** `--root`. */
  root?: string
  /** `--output`. */
  output?: string
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
