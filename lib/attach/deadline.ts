import { PtraceProbeError } from '../model/index.js'

/** The end of the time that one question has, for its controls and its examinations together. */
export interface Deadline {
  /** What is left, in whole milliseconds. @throws PtraceProbeError when nothing is */
  readonly leftMs: () => number
  readonly isOver: () => boolean
}

/** Starts the time of a question. */
export function deadlineIn(timeoutMs: number): Deadline {
  const end = performance.now() + timeoutMs
  const left = (): number => Math.ceil(end - performance.now())
  return {
    isOver: () => left() <= 0,
    leftMs: () => {
      const ms = left()
      if (ms <= 0) throw timedOut()
      return ms
    },
  }
}

/** The error of a question whose time is over. */
export function timedOut(cause?: unknown): PtraceProbeError {
  return new PtraceProbeError(
    'The question was not answered in time',
    'ERR_PTRACE_PROBE_TIMEOUT',
    cause === undefined ? {} : { cause },
  )
}
