import {
  type Engine,
  type Examination,
  type ExamineRequest,
  type ExamineResult,
  type Examiner,
  loadEngine,
  lookUpUser,
} from '../engine/engine.js'
import { requireLinux } from '../engine/platform.js'
import {
  type AttachOptions,
  type CheckedAttachOptions,
  checkAttachOptions,
  type TracerOption,
} from '../model/arguments.js'
import { errnoName } from '../model/errno.js'
import { PtraceProbeError } from '../model/errors.js'
import type { TracerName } from '../model/vocabulary.js'

/** A question about one tracer, with what it takes to ask it. */
export interface Inquiry {
  readonly engine: Engine
  readonly tracer: TracerName
  /** `self`, or what a process has to be forked for. */
  readonly examiner: 'self' | Examiner
  /** The thread group of tracer `self`, which alone can be its target, or an ancestor of it. */
  readonly selfPid: number | null
  readonly timeoutMs: number
}

/** Checks the options of a question and prepares it. */
export function inquire(options?: AttachOptions): Inquiry {
  const { tracer, timeoutMs }: CheckedAttachOptions = checkAttachOptions(options)
  requireLinux()
  const engine = loadEngine()
  const selfPid = tracer === 'self' ? process.pid : null
  return { engine, timeoutMs, selfPid, ...examinerFor(tracer, engine) }
}

function examinerFor(tracer: TracerOption, engine: Engine): Pick<Inquiry, 'tracer' | 'examiner'> {
  if (tracer === 'self') return { tracer, examiner: 'self' }
  if (typeof tracer === 'string') return { tracer, examiner: { tracer } }
  const user = lookUpUser(engine, tracer.user)
  return { tracer: `user:${tracer.user}`, examiner: { tracer: 'user', user } }
}

/** What the engine is asked when other processes are to examine `pids`. */
export function requestFor(
  tracers: readonly Examiner[],
  { timeoutMs }: Inquiry,
  oracles: number,
  pids: readonly number[],
  sharesMemory = false,
): ExamineRequest {
  return { tracers, oracles, deadlineMs: timeoutMs, pids, sharesMemory }
}

/**
 * The examinations of a process that was forked for them.
 *
 * @throws PtraceProbeError when it could not become what it should
 */
export function examined(result: ExamineResult | undefined): readonly Examination[] {
  if (result === undefined) return []
  if (result.errno !== 0) {
    const errno = errnoName(result.errno)
    throw new PtraceProbeError(
      `The process that should ask could not be made: ${errno}; for another user that takes root`,
      'ERR_PTRACE_PROBE_ENGINE',
      { errno: result.errno },
    )
  }
  if (result.isRelated) {
    throw new PtraceProbeError(
      'No unrelated process can be made here: this process adopts its orphans (it is PID 1 or a subreaper)',
      'ERR_PTRACE_PROBE_ENGINE',
    )
  }
  return result.results
}

export function only(result: ExamineResult | undefined): Examination {
  const [examination] = examined(result)
  if (examination !== undefined) return examination
  throw new PtraceProbeError('The question was not answered in time', 'ERR_PTRACE_PROBE_ENGINE')
}

/** Examinations by each tracer, or why one could not be made. */
export function examineEach(
  pid: number,
  inquiries: readonly Inquiry[],
  oracles: number,
  sharesMemory = false,
): readonly (Examination | Error)[] {
  const engine = loadEngine()
  const examiners = inquiries.flatMap(({ examiner }) => (examiner === 'self' ? [] : [examiner]))
  const [first] = inquiries
  const answers =
    first === undefined || examiners.length === 0
      ? []
      : engine.examineAs(requestFor(examiners, first, oracles, [pid], sharesMemory))
  return inquiries.map(({ examiner }) => {
    if (examiner === 'self') return engine.examine(pid, oracles)
    try {
      return only(answers[examiners.indexOf(examiner)])
    } catch (error) {
      return error as Error
    }
  })
}
