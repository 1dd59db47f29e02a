import type { Examination, ExamineRequest, ExamineResult, FilePrivileges } from './examination.js'
import type { EngineResult, Plan, RawResult, UserIds } from './measurement.js'
import type { Packed } from './unpack.js'

/** Work that was started. */
export interface Running<T> {
  /** Settles when no process of it is left. */
  readonly settled: Promise<T>
  /** Ends it before its time; `settled` still settles. */
  readonly cancel: () => void
}

/** The engine: the one thing that lib/ needs of the addon. */
export interface Engine {
  measure(plan: Plan): EngineResult
  /** Rejects with the reason of a signal that aborts it, when no process of it is left. */
  measureAsync(plan: Plan, signal?: AbortSignal): Promise<EngineResult>
  /** With the calling thread's own rights, without forking. */
  examine(pid: number, oracles: number): Examination
  /** One answer a tracer. */
  examineAs(request: ExamineRequest): readonly ExamineResult[]
  examineAsAsync(request: ExamineRequest, signal?: AbortSignal): Promise<readonly ExamineResult[]>
  /** Null: no such user. */
  lookUpUser(name: string): UserIds | null
  filePrivileges(path: string): FilePrivileges
}

/** An answer, or the system call that kept the work from being started. */
export type MayFail<T> = T & {
  readonly failed?: { readonly syscall: string; readonly errno: number }
}

/** What one tracer found, before it is unpacked. */
export interface PackedResult extends Omit<ExamineResult, 'results'> {
  readonly count: number
  readonly packed: Packed
}

/** What the addon exports. Its version comes first: a build that is older may have neither. */
export interface Addon {
  readonly abi?: number
  readonly words?: string
  examine(pid: number, oracles: number): Packed
  examineAs(request: ExamineRequest): MayFail<readonly PackedResult[]>
  examineAsAsync(request: ExamineRequest): Running<MayFail<readonly PackedResult[]>>
  measure(plan: Plan): MayFail<RawResult>
  measureAsync(plan: Plan): Running<MayFail<RawResult>>
  lookUpUser(name: string): UserIds | null
  filePrivileges(path: string): FilePrivileges
}
