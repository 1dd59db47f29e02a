import type { Report, Verdict } from '../../lib/model/index.js'
import type { Context } from './contexts.js'
import type { Outcome } from './judges/results.js'

/** A value of kernel.yama.ptrace_scope; null in a kernel without Yama. */
export type SetScope = 0 | 1 | 2 | 3 | null

/** Two scopes between which a machine changes while it is measured; 3 cannot be left again. */
export type ChangingPair = readonly [0 | 1 | 2, 0 | 1 | 2]

/** What the host asks of one boot. */
export interface Plan {
  /** In this order: 3 cannot be left again. */
  readonly scopes: readonly SetScope[]
  readonly contexts: readonly Context[]
  /** Before scope 3. */
  readonly changing: readonly ChangingPair[]
  /** At one of the scopes. */
  readonly commands: readonly Command[]
  /** At each of them. */
  readonly commandsAtEach: readonly Command[]
  /** Whether gdb and strace are there, to do what `check` foretells. */
  readonly debuggers: boolean
  /** Whether the lines of Yama in the kernel's log are counted. */
  readonly log: boolean
}

/** A run of the real command line. */
export interface Command {
  readonly as: 'root' | 'user'
  readonly args: readonly string[]
}

/** A process that should not be there. */
export interface Leftover {
  readonly pid: number
  readonly name: string
  readonly state: string
  readonly parent: number
  readonly tracer: number
}

/** What the judge or the library says about one cell. */
export interface Answer {
  readonly status: string
  readonly errno: string | null
  readonly signal: string | null
}

/** What was measured in one context at one scope. */
export interface Measured {
  readonly scope: SetScope
  readonly context: string
  readonly report: Report
  /** How long probeSync() took, in milliseconds of the guest. */
  readonly probeMs: number
  /** After the probe. */
  readonly leftovers: readonly Leftover[]
  /** By cell id. */
  readonly judge: Readonly<Record<string, Answer>>
}

/** What was measured in one context while the scope changed. */
export interface Changed {
  readonly pair: ChangingPair
  readonly context: string
  readonly reports: readonly Report[]
  readonly leftovers: readonly Leftover[]
}

/** What came of it. */
export interface CommandRun extends Command {
  readonly scope: SetScope
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  readonly leftovers: readonly Leftover[]
}

/** Whether a process that ended by SIGQUIT left a core (core(5)). */
export interface Crash {
  readonly as: 'root' | 'user'
  readonly scope: SetScope
  /** The first bytes of each file that was left. */
  readonly left: readonly string[]
}

/** What a report says about the kernel's log, beside what Yama wrote. */
export interface Logged {
  readonly scope: SetScope
  readonly said: Report['kernelLog']
  /** The lines, and those that its limit of lines kept back. */
  readonly logged: number
}

/** What `check` says of a target, and what a debugger then does. */
export interface Confronted extends Pick<Verdict, 'verdict' | 'message'> {
  readonly scope: SetScope
  readonly as: 'root' | 'user'
  readonly target: string
  readonly judge: string
  readonly outcome: Outcome
  /** The last of what it printed. */
  readonly said: string
}

/** What comes back from one boot. */
export interface Results {
  /** As uname says it. */
  readonly release: string
  readonly measured: readonly Measured[]
  readonly changed: readonly Changed[]
  readonly commands: readonly CommandRun[]
  readonly crashes: readonly Crash[]
  readonly log: readonly Logged[]
  readonly confronted: readonly Confronted[]
}
