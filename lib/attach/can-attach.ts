import type { Verdict } from '../model/index.js'
import { type Answer, decide, verdictIn } from './decide.js'
import { type AttachOptions, checkPid, type TracerOption } from './options.js'
import { type Question, questionOf } from './question.js'
import { run, runSync, type Steps } from './steps.js'

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
