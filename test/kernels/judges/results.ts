import type { Verdict } from '../../../lib/model/index.js'
import type { Scope } from '../../../lib/model/scopes.js'
import type { Asker, Request, Room } from './room.js'

/** What the host asks of the boot. */
export interface JudgesPlan {
  readonly scopes: readonly Scope[]
  readonly rooms: readonly Room[]
}

/** What a tracer that really tried came to; `waits`: its call did not return. */
export type Outcome = 'attached' | 'refused' | 'waits' | 'unclear'

/** What Node is asked to do in a room at one scope. */
export interface Question {
  readonly targets: Readonly<Record<string, number>>
  /** Its own children too. */
  readonly children: boolean
  readonly debuggers: readonly string[]
  readonly as: Exclude<Asker, 'self'>
  readonly path: string | null
  /** Debuggers that it starts are foretold by --tool. */
  readonly byTool: boolean
}

/** What a program may read of a target without asking the kernel about ptrace. */
export interface Read {
  /** The owner of /proc/PID. */
  readonly owner: number
  readonly realUid: number
  readonly tracer: number
}

/** One target before one tracer: what was foretold, and what really came. */
export interface Cell {
  readonly target: string
  /** `seize`: a real PTRACE_SEIZE by the Node that foretold; otherwise a debugger's name. */
  readonly judge: string
  /** Which of the room's trials it belongs to. */
  readonly trials: number
  /** The requests of the judge: it uses the first that no filter refuses. */
  readonly requests: readonly Request[]
  /** It attaches to every thread of the target, and not to the first alone. */
  readonly everyThread: boolean
  readonly tracer: Asker
  readonly foretold: Pick<Verdict, 'verdict' | 'cause' | 'certainty' | 'message' | 'evidence'> & {
    readonly causes: readonly Pick<Verdict['causes'][number], 'id' | 'certainty'>[]
  }
  /** Before the judge tried; null where /proc does not show the target. */
  readonly read: Read | null
  readonly outcome: Outcome
  /** The last of what the judge printed, or the error's name. */
  readonly said: string
  readonly milliseconds: number
}

/** All cells of one room at one scope. */
export interface Sitting {
  readonly room: string
  readonly scope: Scope
  readonly cells: readonly Cell[]
  /** Targets that are not as they were: stopped, or still traced. */
  readonly disturbed: readonly string[]
}

/** What comes back from the boot. */
export interface JudgesResults {
  readonly release: string
  readonly lsm: string
  readonly sittings: readonly Sitting[]
  /** Rooms that could not be made, with the reason. */
  readonly closed: Readonly<Record<string, string>>
  /** Targets that could not be made, by room. */
  readonly missing: Readonly<Record<string, readonly string[]>>
}
