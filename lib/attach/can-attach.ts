import { type Examination, loadEngine, wasRead } from '../engine/index.js'
import { askSelinux, type Place, readPlace, type SelinuxAnswer } from '../machine/index.js'
import {
  hasSysPtrace,
  type PtraceProbeError,
  type TracerName,
  userOf,
  type Verdict,
} from '../model/index.js'
import { controlsFor, oraclesFor, type Trusted, trustedFor } from './controls.js'
import { deadlineIn } from './deadline.js'
import { type Circumstances, situationOf } from './evidence.js'
import { type AttachOptions, checkPid, type TracerOption } from './options.js'
import { type Examined, examineEach, type Question, questionOf } from './question.js'
import { judgeProcess, judgeProgram } from './read-about.js'
import { remediesFor } from './remedies.js'
import { isSelinuxContext } from './rules/labels.js'
import { findScope, type KnownScope } from './scope.js'
import { run, runSync, type Steps } from './steps.js'
import { surroundingsOf } from './surroundings.js'
import { type BareVerdict, judge } from './verdict.js'

/**
 * Whether a tracer may attach to a process, and if not, which rule refuses and the least that would
 * change it. The target is not touched: the kernel is asked through calls that check the same
 * permission and then do nothing: pidfd_getfd(2) for a descriptor that no process has,
 * process_vm_readv(2) for an address that no process may read, or opening `/proc/PID/mem`, whichever works
 * here first. It is not stopped, attached to or signalled. A refusal may leave a line in the kernel's
 * log, as every refused attempt does.
 *
 * The answer holds for the moment in which it was found. Which filters and domains this thread is
 * subject to is found out once, when it first matters.
 *
 * @param pid - a process or thread id, as this process sees it
 * @param options - see {@link AttachOptions}
 * @returns the verdict, also where there is no such process: a refusal is never an error
 * @throws TypeError, RangeError on argument mistakes (`ERR_INVALID_ARG_TYPE`,
 *   `ERR_INVALID_ARG_VALUE`, `ERR_OUT_OF_RANGE`)
 * @throws PtraceProbeError when no answer could be had: `ERR_PTRACE_PROBE_TIMEOUT`,
 *   `ERR_PTRACE_PROBE_IDENTITY`, `ERR_PTRACE_PROBE_NO_STRANGER`, `ERR_PTRACE_PROBE_ENGINE`
 *
 * @example
 * ```js
 * import { canAttach } from 'ptrace-probe'
 *
 * const { verdict, message } = await canAttach(1, { tracer: 'child' })
 * if (verdict !== 'allowed') console.error(message)
 * ```
 */
export async function canAttach(pid: number, options?: AttachOptions): Promise<Verdict> {
  return run(decideOne(checkPid(pid), questionOf(options)))
}

/**
 * The same as {@link canAttach}, blocking the thread until it is done.
 *
 * @param pid - a process or thread id, as this process sees it
 * @param options - see {@link AttachOptions}
 * @returns the verdict
 * @throws as {@link canAttach}
 *
 * @example
 * ```js
 * import { canAttachSync } from 'ptrace-probe'
 *
 * const verdict = canAttachSync(process.ppid)
 * if (verdict.verdict === 'denied') console.error(verdict.cause, verdict.remedies)
 * ```
 */
export function canAttachSync(pid: number, options?: AttachOptions): Verdict {
  return runSync(decideOne(checkPid(pid), questionOf(options)))
}

/** What came of the question about one tracer and one process. */
export type Answer =
  | { readonly tracer: TracerName; readonly verdict: Verdict }
  | { readonly tracer: TracerName; readonly error: PtraceProbeError }

/**
 * The same for several tracers, blocking; a tracer that fails does not spoil the answers of the others.
 * A child and a stranger share one fork of this process, the most expensive part of such a question.
 *
 * @internal
 */
export function canAttachEach(
  pid: number,
  tracers: readonly TracerOption[],
  options: Omit<AttachOptions, 'tracer'>,
): readonly Answer[] {
  const questions = tracers.map((tracer) => questionOf({ ...options, tracer }))
  return runSync(decide([checkPid(pid)], questions))
}

function* decideOne(pid: number, question: Question): Steps<Verdict> {
  const [answer] = yield* decide([pid], [question])
  return verdictIn(answer)
}

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
 * A tracer asks about a process once, because the kernel may log what it refuses. All questions of one
 * call are about one method.
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
  return answersOf(found, trusted, scope)
}

/** Whether something has to be explained. */
function isRefused(examined: Examined): boolean {
  return (
    'examinations' in examined &&
    examined.examinations.some(({ closer, threads }) => closer !== null || threads?.suspect != null)
  )
}

function answersOf(
  found: readonly Examined[],
  trusted: Trusted,
  scope: KnownScope,
): readonly Answer[] {
  return found.flatMap(({ question, ...examined }): readonly Answer[] => {
    const { tracer } = question
    return 'error' in examined
      ? [{ tracer, error: examined.error }]
      : examined.examinations.map((each) => ({
          tracer,
          verdict: verdictOf(each, question, trusted, scope),
        }))
  })
}

function verdictOf(
  examination: Examination,
  { tracer, method, selfPid, about }: Question,
  trusted: Trusted,
  scope: KnownScope,
): Verdict {
  const around = (examined: Examination): Circumstances => ({
    tracer,
    method,
    selfPid,
    controls: controlsFor(trusted, method),
    scope: scope.value,
    scopeFrom: scope.from,
    lsm: examined.closer === null ? null : here().lsm,
    selinux: selinuxOf(about?.kind === 'pid' ? insteadOf(examined, about.examination) : examined),
  })
  const verdict = verdictBy(about, examination, around)
  if (verdict.verdict !== 'denied') return verdict
  const situation = situationOf(examination, around(examination))
  const surroundings = surroundingsOf(
    situation,
    here(),
    isRootRefused(tracer, examination.pid, oraclesFor(trusted, method)),
  )
  // To become like the first thread does not help where another one is refused.
  const isOfThread = verdict.causes.some(({ thread }) => thread !== undefined)
  const known = isOfThread ? { ...surroundings, owner: null, group: null } : surroundings
  return { ...verdict, remedies: remediesFor(verdict, known) }
}

/** Whether root may not attach either, which only root can ask; null where it does not ask. */
function isRootRefused(tracer: TracerName, pid: number, oracles: number): boolean | null {
  // Only one who may become another user can have asked about one.
  if (userOf(tracer) === null) return null
  const asRoot = loadEngine().examine(pid, oracles)
  const status = asRoot.closer?.self.status
  return status !== undefined && wasRead(status) && hasSysPtrace(status.capEffective)
}

/** `around`: what is known beside an examination, that of the first thread or of another. */
function verdictBy(
  about: Question['about'],
  examination: Examination,
  around: (examined: Examination) => Circumstances,
): BareVerdict {
  const circumstances = around(examination)
  const ofThread = around(examination.threads?.suspect ?? examination)
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
