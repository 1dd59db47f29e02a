import {
  type Engine,
  type Examination,
  type ExamineResult,
  type Examiner,
  loadEngine,
  lookUpUser,
  ownIds,
  requireLinux,
} from '../engine/index.js'
import {
  type AccessMethod,
  errnoName,
  mayNotBecome,
  namedTracer,
  PtraceProbeError,
  type TracerName,
  userOf,
} from '../model/index.js'
import { type Deadline, timedOut } from './deadline.js'
import { type AttachOptions, checkAttachOptions } from './options.js'

import { type OwnIds, type Program, readProgram } from './program.js'
import { examineTracer } from './read-about.js'
import { type Steps, wait } from './steps.js'

/** A question about one tracer, with what it takes to ask it. */
export interface Question {
  readonly tracer: TracerName
  readonly method: AccessMethod
  /** `self`, or what a process has to be forked for. */
  readonly examiner: 'self' | Examiner
  /** The thread group of tracer `self`, which alone can be its target, or an ancestor of it. */
  readonly selfPid: number | null
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
  /** This process. */
  readonly ownPid: number
  /** A tracer that is not asked as, or not only: what is read about it. */
  readonly about:
    | { readonly kind: 'pid'; readonly examination: Examination }
    | { readonly kind: 'program'; readonly program: Program }
    | null
}

/** What one tracer found out about each process, or why it could not ask. */
export type Examined =
  | { readonly question: Question; readonly examinations: readonly Examination[] }
  | { readonly question: Question; readonly error: PtraceProbeError }

/** Checks the options of a question and prepares it. */
export function questionOf(options?: AttachOptions, usual: TracerName = 'self'): Question {
  const { tracer, method, timeoutMs, signal } = checkAttachOptions(options, usual)
  requireLinux()
  signal?.throwIfAborted()
  const engine = loadEngine()
  const selfPid = isSelf(tracer) ? process.pid : null
  return {
    tracer,
    method,
    timeoutMs,
    signal,
    selfPid,
    ownPid: process.pid,
    examiner: examinerFor(tracer, engine),
    about: aboutOf(tracer, engine),
  }
}

function isSelf(tracer: TracerName): boolean {
  return tracer === 'self' || tracer === `pid:${process.pid}`
}

/** The saved ids matter to no rule about execve(2). */
function idsBeforeExec(): OwnIds {
  const { uid, euid, gid, egid } = ownIds()
  return { uids: [uid, euid, euid], gids: [gid, egid, egid] }
}

function aboutOf(tracer: TracerName, engine: Engine): Question['about'] {
  const named = namedTracer(tracer)
  if (named?.kind === 'program') {
    return { kind: 'program', program: readProgram(named.path, engine, idsBeforeExec()) }
  }
  if (named?.kind !== 'pid' || isSelf(tracer)) return null
  return { kind: 'pid', examination: examineTracer(engine, named.pid) }
}

function examinerFor(tracer: TracerName, engine: Engine): Question['examiner'] {
  const named = namedTracer(tracer)
  switch (named?.kind) {
    case 'child':
    case 'stranger':
      return { tracer: named.kind }
    case 'user':
      return { tracer: 'user', user: lookUpUser(engine, named.user) }
    case 'program':
      // It is started by this process, as any debugger is.
      return { tracer: 'child' }
    case 'pid':
    case 'self':
    case undefined:
      return 'self'
    default:
      return named satisfies never
  }
}

/** Has every tracer examine every process. All the forked ones together take one fork of Node. */
export function* examineEach(
  engine: Engine,
  pids: readonly number[],
  questions: readonly Question[],
  oracles: number,
  deadline: Deadline,
): Steps<readonly Examined[]> {
  const tracers = questions.flatMap(({ examiner }) => (examiner === 'self' ? [] : [examiner]))
  const results = tracers.length === 0 ? [] : yield* examineAs()
  function* examineAs(): Steps<readonly ExamineResult[]> {
    // One program is asked about at a time.
    const clearsAmbient = questions.some(
      ({ about }) => about?.kind === 'program' && about.program.clearsAmbient,
    )
    const deadlineMs = deadline.leftMs()
    const request = { tracers, clearsAmbient, oracles, deadlineMs, pids }
    return yield* wait(
      () => engine.examineAs(request),
      () => engine.examineAsAsync(request, deadline.signal),
    )
  }
  return questions.map((question) => {
    const { examiner } = question
    return examiner === 'self'
      ? {
          question,
          // In the place of another process nothing can be asked.
          examinations: pids.map((pid) =>
            engine.examine(pid, question.about?.kind === 'pid' ? 0 : oracles),
          ),
        }
      : examinedBy(question, pids, results[tracers.indexOf(examiner)])
  })
}

function examinedBy(
  question: Question,
  pids: readonly number[],
  result: ExamineResult | undefined,
): Examined {
  if (result !== undefined && result.errno !== 0) {
    return { question, error: notMade(question, result.errno) }
  }
  if (result?.isRelated === true) {
    return {
      question,
      error: new PtraceProbeError(
        'No unrelated process can be made here: this process adopts its orphans (it is PID 1 or a subreaper)',
        'ERR_PTRACE_PROBE_NO_STRANGER',
      ),
    }
  }
  // An answer about some of the processes would be taken for the whole.
  return result?.results.length === pids.length
    ? { question, examinations: result.results }
    : { question, error: timedOut() }
}

function notMade({ tracer }: Question, errno: number): PtraceProbeError {
  const user = userOf(tracer)
  const refused = user === null ? null : mayNotBecome(user, errno)
  return (
    refused ??
    new PtraceProbeError(
      `The process that asks could not be made: ${errnoName(errno)}`,
      'ERR_PTRACE_PROBE_ENGINE',
      { errno },
    )
  )
}
