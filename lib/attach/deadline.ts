import { hrtime } from 'node:process'
import { PtraceProbeError } from '../model/index.js'

/** The end of the time that one question has, for its controls and its examinations together. */
export interface Deadline {
  /** What is left, in whole milliseconds. @throws PtraceProbeError when nothing is */
  readonly leftMs: () => number
  readonly isOver: () => boolean
  /** Ends it before. */
  readonly signal: AbortSignal | undefined
}

/** Starts the time of a question. */
export function deadlineIn(timeoutMs: number, signal?: AbortSignal): Deadline {
  const end = nowMs() + timeoutMs
  const left = (): number => Math.ceil(end - nowMs())
  return {
    signal,
    isOver: () => left() <= 0,
    leftMs: () => {
      const ms = left()
      if (ms <= 0) throw timedOut()
      return ms
    },
  }
}

/** The same clock as `performance.now()`, whose first use loads a good deal of Node. */
function nowMs(): number {
  const [seconds, nanoseconds] = hrtime()
  return seconds * 1e3 + nanoseconds / 1e6
}

/** The error of a question whose time is over. */
export function timedOut(cause?: unknown): PtraceProbeError {
  return new PtraceProbeError(
    'The question was not answered in time',
    'ERR_PTRACE_PROBE_TIMEOUT',
    cause === undefined ? {} : { cause },
  )
}
