import { type Engine, type Examination, loadEngine, wasRead } from '../engine/index.js'
import { askSelinux, type Place, readPlace, type SelinuxAnswer } from '../machine/index.js'
import {
  hasSysPtrace,
  PtraceProbeError,
  type TracerName,
  userOf,
  type Verdict,
} from '../model/index.js'
import { controlsFor, oraclesFor, type Trusted, trustedFor } from './controls.js'
import { type Deadline, deadlineIn } from './deadline.js'
import { type Circumstances, situationOf } from './evidence.js'
import { type Examined, examineEach, type Question } from './question.js'
import { judgeProcess, judgeProgram } from './read-about.js'
import { remediesFor } from './remedies.js'
import { isSelinuxContext } from './rules/labels.js'
import { findScope, type KnownScope } from './scope.js'
import { askOthers } from './second-opinion.js'
import type { Steps } from './steps.js'
import { surroundingsOf } from './surroundings.js'
import { type BareVerdict, judge } from './verdict.js'

/** What came of the question about one tracer and one process. */
export type Answer =
  | { readonly tracer: TracerName; readonly verdict: Verdict }
  | { readonly tracer: TracerName; readonly error: PtraceProbeError }

/**
 * The verdict of an answer.
 *
 * @internal
 * @throws PtraceProbeError when the tracer could not ask
 */
export function verdictIn(answer: Answer | undefined): Verdict {
  if (answer === undefined) throw new Error('A question was left without an answer')
  if ('error' in answer) throw answer.error
  return answer.verdict
}

/**
 * THE route from a question to its answers: may each of these tracers attach to each of these
 * processes?
 *
 * A tracer asks about a process once, because the kernel may log what it refuses, and once more only
 * where nothing explains the refusal and a seccomp filter may have answered. All questions of one call
 * are about one method.
 *
 * @internal
 */
export function* decide(
  pids: readonly number[],
  questions: readonly Question[],
): Steps<readonly Answer[]> {
  const engine = loadEngine()
  const deadline = deadlineIn(
    Math.max(...questions.map(({ timeoutMs }) => timeoutMs)),
    questions[0]?.signal,
  )
  deadline.signal?.throwIfAborted()
  const trusted = yield* trustedFor(engine, deadline)
  const oracles = questions.reduce((set, { method }) => set | oraclesFor(trusted, method), 0)
  const found = yield* examineEach(engine, pids, questions, oracles, deadline)
  const scope: KnownScope = found.some(isRefused)
    ? yield* findScope(trusted.all, deadline)
    : { value: null, from: 'file' }
  const answers: Answer[] = []
  for (const examined of found) {
    answers.push(...(yield* answersTo(examined, { engine, trusted, scope, deadline })))
  }
  return answers
}

/** Whether something has to be explained. */
function isRefused(examined: Examined): boolean {
  return (
    'examinations' in examined &&
    examined.examinations.some(({ closer, threads }) => closer !== null || threads?.suspect != null)
  )
}

/** What the answers to every question of one call rest on. */
interface Known {
  readonly engine: Engine
  readonly trusted: Trusted
  readonly scope: KnownScope
  readonly deadline: Deadline
}

function* answersTo(
  examined: Examined,
  { engine, trusted, scope, deadline }: Known,
): Steps<readonly Answer[]> {
  const { question } = examined
  const { tracer } = question
  if ('error' in examined) return [{ tracer, error: examined.error }]
  const grounds = groundsOf(question, trusted, scope)
  const judged = examined.examinations.map((examination) => ({
    examination,
    verdict: verdictOf(examination, grounds),
  }))
  const others = yield* askOthers(engine, question, judged, trusted, deadline)
  if (others instanceof PtraceProbeError) return [{ tracer, error: others }]
  return judged.map((each) => {
    const other = others.get(each)
    const second = other && verdictOf(other, grounds)
    const verdict =
      second?.verdict === 'allowed'
        ? verdictOf(each.examination, { ...grounds, contradiction: second.evidence })
        : each.verdict
    return { tracer, verdict }
  })
}

/** What the answers to one question rest on, beside the examination of each process. */
interface Grounds extends Omit<Circumstances, 'lsm' | 'selinux'> {
  readonly about: Question['about']
  readonly oracles: number
}

function groundsOf(question: Question, trusted: Trusted, scope: KnownScope): Grounds {
  const { tracer, method, selfPid, about } = question
  return {
    tracer,
    method,
    selfPid,
    about,
    controls: controlsFor(trusted, method),
    oracles: oraclesFor(trusted, method),
    scope: scope.value,
    scopeFrom: scope.from,
    contradiction: null,
  }
}

function verdictOf(examination: Examination, grounds: Grounds): Verdict {
  const { about, tracer, oracles } = grounds
  const circumstances = around(examination, grounds)
  const suspect = examination.threads?.suspect ?? null
  const ofThread = suspect === null ? circumstances : around(suspect, grounds)
  const verdict = verdictBy(about, examination, circumstances, ofThread)
  if (verdict.verdict !== 'denied') return verdict
  const surroundings = surroundingsOf(
    situationOf(examination, circumstances),
    here(),
    isRootRefused(tracer, examination.pid, oracles),
  )
  // To become like the first thread does not help where another one is refused.
  const isOfThread = verdict.causes.some(({ thread }) => thread !== undefined)
  const known = isOfThread ? { ...surroundings, owner: null, group: null } : surroundings
  return { ...verdict, remedies: remediesFor(verdict, known) }
}

/** What is known beside the examination of a process, or of one of its threads. */
function around(examination: Examination, grounds: Grounds): Circumstances {
  const { about } = grounds
  const labelled = about?.kind === 'pid' ? insteadOf(examination, about.examination) : examination
  return {
    lsm: examination.closer === null ? null : here().lsm,
    selinux: selinuxOf(labelled),
    ...grounds,
  }
}

/** Whether root may not attach either, which only root can ask; null where it does not ask. */
function isRootRefused(tracer: TracerName, pid: number, oracles: number): boolean | null {
  // Only one who may become another user can have asked about one.
  if (userOf(tracer) === null) return null
  const asRoot = loadEngine().examine(pid, oracles)
  const status = asRoot.closer?.self.status
  return status !== undefined && wasRead(status) && hasSysPtrace(status.capEffective)
}

/** `ofThread`: what is known beside the examination of the thread that may be refused alone. */
function verdictBy(
  about: Question['about'],
  examination: Examination,
  circumstances: Circumstances,
  ofThread: Circumstances,
): BareVerdict {
  switch (about?.kind) {
    case 'pid':
      return judgeProcess({ target: examination, tracer: about.examination }, circumstances)
    case 'program':
      return judgeProgram(examination, circumstances, about.program, ofThread)
    case undefined:
      return judge(examination, circumstances, ofThread)
    default:
      return about satisfies never
  }
}

/** The examination of a target with the label of another tracer. */
function insteadOf(examination: Examination, { closer: tracer }: Examination): Examination {
  const { closer } = examination
  if (closer === null || tracer === null) return examination
  return { ...examination, closer: { ...closer, selfDetails: tracer.target } }
}

let place: Place | undefined

/** Read once, where it matters: it does not change. */
function here(): Place {
  place ??= readPlace()
  return place
}

/** SELinux is asked only where access was refused. */
function selinuxOf({ closer }: Examination): SelinuxAnswer | null {
  if (closer === null) return null
  const [source, target] = [closer.selfDetails.label, closer.target.label]
  if (!wasRead(source) || !wasRead(target)) return null
  return isSelinuxContext(source) && isSelinuxContext(target) ? askSelinux(source, target) : null
}
