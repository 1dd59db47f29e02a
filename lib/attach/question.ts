import {
  type Engine,
  type Examination,
  type ExamineResult,
  type Examiner,
  loadEngine,
  lookUpUser,
  requireLinux,
} from '../engine/index.js'
import { errnoName, PtraceProbeError, type TracerName } from '../model/index.js'
import {
  type AttachOptions,
  type CheckedAttachOptions,
  checkAttachOptions,
  type TracerOption,
} from './options.js'
import { type Steps, wait } from './steps.js'

/** A question about one tracer, with what it takes to ask it. */
export interface Question {
  readonly tracer: TracerName
  /** `self`, or what a process has to be forked for. */
  readonly examiner: 'self' | Examiner
  /** The thread group of tracer `self`, which alone can be its target, or an ancestor of it. */
  readonly selfPid: number | null
  readonly timeoutMs: number
}

/** What one tracer found out about each process, or why it could not ask. */
export type Examined =
  | { readonly question: Question; readonly examinations: readonly Examination[] }
  | { readonly question: Question; readonly error: PtraceProbeError }

/** Checks the options of a question and prepares it. */
export function questionOf(options?: AttachOptions): Question {
  const { tracer, timeoutMs }: CheckedAttachOptions = checkAttachOptions(options)
  requireLinux()
  const engine = loadEngine()
  const selfPid = tracer === 'self' ? process.pid : null
  return { timeoutMs, selfPid, ...examinerFor(tracer, engine) }
}

function examinerFor(tracer: TracerOption, engine: Engine): Pick<Question, 'tracer' | 'examiner'> {
  if (tracer === 'self') return { tracer, examiner: 'self' }
  if (typeof tracer === 'string') return { tracer, examiner: { tracer } }
  const user = lookUpUser(engine, tracer.user)
  return { tracer: `user:${tracer.user}`, examiner: { tracer: 'user', user } }
}

/** Has every tracer examine every process. All the forked ones together take one fork of Node. */
export function* examineEach(
  engine: Engine,
  pids: readonly number[],
  questions: readonly Question[],
  oracles: number,
): Steps<readonly Examined[]> {
  const tracers = questions.flatMap(({ examiner }) => (examiner === 'self' ? [] : [examiner]))
  const deadlineMs = Math.max(...questions.map(({ timeoutMs }) => timeoutMs))
  const request = { tracers, oracles, deadlineMs, pids }
  const results =
    tracers.length === 0
      ? []
      : yield* wait(
          () => engine.examineAs(request),
          () => engine.examineAsAsync(request),
        )
  return questions.map((question) => {
    const { examiner } = question
    return examiner === 'self'
      ? { question, examinations: pids.map((pid) => engine.examine(pid, oracles)) }
      : examinedBy(question, pids, results[tracers.indexOf(examiner)])
  })
}

function examinedBy(
  question: Question,
  pids: readonly number[],
  result: ExamineResult | undefined,
): Examined {
  const failed = (message: string, errno?: number): Examined => ({
    question,
    error: new PtraceProbeError(
      message,
      'ERR_PTRACE_PROBE_ENGINE',
      errno === undefined ? {} : { errno },
    ),
  })
  if (result !== undefined && result.errno !== 0) {
    return failed(
      `The process that should ask could not be made: ${errnoName(result.errno)}; for another user that takes root`,
      result.errno,
    )
  }
  if (result?.isRelated === true) {
    return failed(
      'No unrelated process can be made here: this process adopts its orphans (it is PID 1 or a subreaper)',
    )
  }
  // An answer that leaves processes out unsaid would be taken for the whole.
  return result?.results.length === pids.length
    ? { question, examinations: result.results }
    : failed('The question was not answered in time')
}
