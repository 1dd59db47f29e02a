import type { CapabilityName } from './capabilities.js'
import type { CallerFacts, HostFacts, Report } from './report.js'
import type { ScopeReport } from './scope-report.js'
import type { UnreadDatabase } from './settings.js'
import type { Text, Time, Whole } from './shapes.js'
import type { Identity, ObservationId, Outcome, ToolKind } from './vocabulary.js'

/** What one tool can do for one identity, and why. */
export interface ToolEffect {
  /** What it does, such as `attach to a program that runs already`. */
  readonly does: Text
  /** As whom the tool is started. */
  readonly identity: Identity
  /** Whether that works. */
  readonly outcome: Outcome
  /** Why: one sentence. */
  readonly message: Text
  /** Ids of the observations that decided. */
  readonly evidence: readonly ObservationId[]
}

/** What a tool gets from its file, for every user that starts it (capabilities(7), execve(2)). */
export interface ToolPrivileges {
  /** The user that it runs as (set-uid); null: the one who starts it. */
  readonly setUid: Whole | null
  /** Its file capabilities, such as `CAP_SYS_PTRACE`. */
  readonly capabilities: readonly CapabilityName[]
  /** Whether it has these from its start; otherwise it has to ask for what it is permitted. */
  readonly effective: boolean
  /** Why nothing comes of them here: one sentence; null where they count. */
  readonly ignored: Text | null
}

/** A tool that was found, and what it can do here. */
export interface Tool {
  /** Its name in the table of tools, which its file's may continue. */
  readonly name: Text
  /** What it is for. */
  readonly kind: ToolKind
  /** Its file. */
  readonly path: Text
  /** The package that brought it; null when none is known to. */
  readonly package: Text | null
  /** That package's version. No tool is run to ask for its own. */
  readonly version: Text | null
  /** What its file gives to every user that starts it; null when that is nothing. */
  readonly privileges: ToolPrivileges | null
  /** What it does to a program that it starts; empty: nothing with ptrace. */
  readonly start: readonly ToolEffect[]
  /** What it does to a program that it did not start; empty: nothing with ptrace. */
  readonly attach: readonly ToolEffect[]
  /** How it does without ptrace, or what else is to be known; null: nothing. */
  readonly note: Text | null
  /** What its file endangers: one sentence; null: nothing. */
  readonly warning: Text | null
}

/** The whole answer of {@link tools}. */
export interface ToolsReport {
  /** Changes when a program that reads the report has to change. */
  readonly schemaVersion: 1
  /** Who measured. */
  readonly tool: Report['tool']
  /** When the measurement began, ISO 8601 in UTC. */
  readonly time: Time
  /** Where it was measured. */
  readonly host: HostFacts
  /** By whom. */
  readonly caller: CallerFacts
  /** The verdict on the Yama scope. */
  readonly scope: ScopeReport
  /** Every tool that was found. */
  readonly tools: readonly Tool[]
  /** Package databases that could not be read, and why; `package` may then be null for that. */
  readonly unread: readonly UnreadDatabase[]
}
