import {
  type CloserLook,
  type Examination,
  loadEngine,
  type ProcessFacts,
  wasRead,
} from '../engine/index.js'
import {
  askSelinux,
  type Place,
  readDeclared,
  readPlace,
  type SelinuxAnswer,
} from '../machine/index.js'
import {
  hasSysPtrace,
  type PtraceProbeError,
  type TracerName,
  type Verdict,
} from '../model/index.js'
import { trustedFor } from './controls.js'
import { deadlineIn } from './deadline.js'
import { isGranted, type TracerControls } from './evidence.js'
import { type AttachOptions, checkPid, type TracerOption } from './options.js'
import { type Examined, examineEach, type Question, questionOf } from './question.js'
import { remediesFor, type Surroundings } from './remedies.js'
import { isSelinuxContext } from './rules/labels.js'
import { run, runSync, type Steps } from './steps.js'
import { judge } from './verdict.js'

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
 * A tracer asks about a process once, because the kernel may log what it refuses. It asks again only
 * where an oracle was believed that turns out not to work here.
 *
 * @internal
 */
export function* decide(
  pids: readonly number[],
  questions: readonly Question[],
): Steps<readonly Answer[]> {
  const engine = loadEngine()
  const deadline = deadlineIn(Math.max(...questions.map(({ timeoutMs }) => timeoutMs)))
  const believed = yield* trustedFor(engine, 'grant', deadline)
  const found = yield* examineEach(engine, pids, questions, believed.oracles, deadline)
  if (found.every(isAllGranted)) return answersOf(found, believed.controls)
  const known = yield* trustedFor(engine, 'refusal', deadline)
  const isTrue = (believed.oracles & ~known.oracles) === 0
  const trusted = isTrue
    ? found
    : yield* examineEach(engine, pids, questions, known.oracles, deadline)
  return answersOf(trusted, known.controls)
}

function isAllGranted(examined: Examined): boolean {
  return 'error' in examined || examined.examinations.every(isGranted)
}

function answersOf(found: readonly Examined[], controls: TracerControls): readonly Answer[] {
  return found.flatMap(({ question, ...examined }): readonly Answer[] => {
    const { tracer } = question
    return 'error' in examined
      ? [{ tracer, error: examined.error }]
      : examined.examinations.map((each) => ({
          tracer,
          verdict: verdictOf(each, question, controls),
        }))
  })
}

function verdictOf(
  examination: Examination,
  { tracer, selfPid }: Question,
  controls: TracerControls,
): Verdict {
  const isRefused = examination.closer !== null
  const verdict = judge(examination, {
    tracer,
    selfPid,
    controls,
    // Read each time where it matters: it may have been changed.
    scope: isRefused ? readDeclared().value : null,
    lsm: isRefused ? here().lsm : null,
    selinux: selinuxOf(examination),
  })
  if (verdict.verdict !== 'denied') return verdict
  const surroundings: Surroundings = {
    ...here(),
    capable: isCapable(examination.closer),
    owner: soleOwner(examination.target),
  }
  return { ...verdict, remedies: remediesFor(verdict, surroundings) }
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

function isCapable(closer: CloserLook | null): boolean {
  return (
    closer !== null && wasRead(closer.self.status) && hasSysPtrace(closer.self.status.capEffective)
  )
}

/** The one user and the one group of the target; null where it has several. */
function soleOwner({ status }: ProcessFacts): Surroundings['owner'] {
  if (!wasRead(status)) return null
  const { uids, gids } = status
  const [uid, gid] = [uids[0], gids[0]]
  const isOne = uids.every((id) => id === uid) && gids.every((id) => id === gid)
  return isOne ? { uid, gid } : null
}
