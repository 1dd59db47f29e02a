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
  timeoutMs?: number
  /** `--root`. */
  root?: string
  /** What is neither an option nor the command. */
  operands: readonly string[]
}

/** The commands. `report` is what runs when none is named. */
export type CommandName =
  | 'report'
  | 'check'
  | 'survey'
  | 'settings'
  | 'assert'
  | 'tools'
  | 'require'
