import { adviceFor, type Surroundings } from './advice.js'
import { attribute } from './attribute.js'
import { calibrate, calibrateSync, presume, type TracerCalibration } from './calibrate.js'
import { hasSysPtrace } from './capabilities.js'
import type { Circumstances } from './case.js'
import {
  type Engine,
  type Examination,
  type ExamineRequest,
  type ExamineResult,
  loadEngine,
  lookUpUser,
} from './engine.js'
import { PtraceProbeError } from './errors.js'
import { readDeclared } from './facts.js'
import { errnoName } from './names.js'
import {
  type AttachOptions,
  type CheckedAttachOptions,
  checkAttachOptions,
  checkPid,
  type TracerOption,
} from './options.js'
import { requireLinux } from './platform.js'
import { isSelinuxContext } from './rules.js'
import { askSelinux, type SelinuxAnswer } from './selinux.js'
import type { Verdict } from './types.js'
import type { TracerName } from './vocabulary.js'

/**
 * Whether a tracer may attach to a process, and if not, which rule refuses and the least that would
 * change it. The target is not touched: the kernel is asked through calls that check the same
 * permission and then do nothing: pidfd_getfd(2) for a descriptor that no process has,
 * process_vm_readv(2) for an address that none may read, or opening `/proc/PID/mem`, whichever works
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
 * @throws PtraceProbeError when nothing could be asked
 */
export async function canAttach(pid: number, options?: AttachOptions): Promise<Verdict> {
  const [checkedPid, inquiry] = [checkPid(pid), inquire(options)]
  const ask = async (calibration: TracerCalibration): Promise<Examination> =>
    inquiry.examiner === 'self'
      ? inquiry.engine.examine(checkedPid, calibration.oracles)
      : only(await inquiry.engine.examineAsAsync(requestFor(inquiry, calibration, [checkedPid])))
  const presumed = presume()
  const first = presumed && (await ask(presumed))
  if (first && presumed && isGranted(first)) return verdictOf(first, inquiry, presumed)
  const calibration = await calibrate(inquiry.engine)
  const same = calibration.oracles === presumed?.oracles
  return verdictOf(same && first ? first : await ask(calibration), inquiry, calibration)
}

/**
 * The same as {@link canAttach}, blocking the thread until it is done.
 *
 * @param pid - a process or thread id, as this process sees it
 * @param options - see {@link AttachOptions}
 * @returns the verdict
 * @throws as {@link canAttach}
 */
export function canAttachSync(pid: number, options?: AttachOptions): Verdict {
  const [checkedPid, inquiry] = [checkPid(pid), inquire(options)]
  const ask = (calibration: TracerCalibration): Examination =>
    inquiry.examiner === 'self'
      ? inquiry.engine.examine(checkedPid, calibration.oracles)
      : only(inquiry.engine.examineAs(requestFor(inquiry, calibration, [checkedPid])))
  const presumed = presume()
  const first = presumed && ask(presumed)
  if (first && presumed && isGranted(first)) return verdictOf(first, inquiry, presumed)
  const calibration = calibrateSync(inquiry.engine)
  const same = calibration.oracles === presumed?.oracles
  return verdictOf(same && first ? first : ask(calibration), inquiry, calibration)
}

/** The engine looks at the tracer itself only where it was refused. */
function isGranted({ self }: Examination): boolean {
  return self === undefined
}

/** A question about one tracer, with what it takes to ask it. */
export interface Inquiry {
  readonly engine: Engine
  readonly tracer: TracerName
  /** `self`, or what a process has to be forked for. */
  readonly examiner: 'self' | Pick<ExamineRequest, 'tracer' | 'user'>
  readonly timeoutMs: number
}

/** Checks the options of a question and prepares it. */
export function inquire(options?: AttachOptions): Inquiry {
  const { tracer, timeoutMs }: CheckedAttachOptions = checkAttachOptions(options)
  requireLinux()
  const engine = loadEngine()
  return { engine, timeoutMs, ...examinerFor(tracer, engine) }
}

function examinerFor(tracer: TracerOption, engine: Engine): Pick<Inquiry, 'tracer' | 'examiner'> {
  if (tracer === 'self') return { tracer, examiner: 'self' }
  if (typeof tracer === 'string') return { tracer, examiner: { tracer } }
  const user = lookUpUser(engine, tracer.user)
  return { tracer: `user:${tracer.user}`, examiner: { tracer: 'user', user } }
}

/** What the engine is asked when another process is to examine `pids`. */
export function requestFor(
  { examiner, timeoutMs }: Inquiry,
  { oracles }: TracerCalibration,
  pids: readonly number[],
): ExamineRequest {
  if (examiner === 'self') throw new TypeError('This process examines by itself')
  return { ...examiner, oracles, deadlineMs: timeoutMs, pids }
}

/**
 * The examinations of a process that was forked for them.
 *
 * @throws PtraceProbeError when it could not become what it should
 */
export function examined(result: ExamineResult): readonly Examination[] {
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

function only(result: ExamineResult): Examination {
  const [examination] = examined(result)
  if (examination !== undefined) return examination
  throw new PtraceProbeError('The question was not answered in time', 'ERR_PTRACE_PROBE_ENGINE')
}

/** SELinux is asked only where access was refused. */
function selinuxOf({ self, target }: Examination): SelinuxAnswer | null {
  const contexts = [self?.label ?? '', target.label ?? '']
  const [source = '', other = ''] = contexts
  return contexts.every(isSelinuxContext) ? askSelinux(source, other) : null
}

/** The verdict on one examined process. */
export function verdictOf(
  examination: Examination,
  { tracer, examiner }: Inquiry,
  calibration: TracerCalibration,
): Verdict {
  const circumstances: Circumstances = {
    tracer,
    selfPid: examiner === 'self' ? process.pid : null,
    controls: calibration.controls,
    // Read anew where it matters: it may have been changed.
    scope: examination.self === undefined ? null : readDeclared().value,
    lsm: calibration.lsm,
    selinux: selinuxOf(examination),
  }
  const attributed = attribute(examination, circumstances)
  if (attributed.verdict !== 'denied') return { ...attributed, remedies: [] }
  const surroundings: Surroundings = {
    ...calibration.surroundings,
    capable: hasSysPtrace(examination.self?.capEffective ?? 0n),
  }
  return { ...attributed, remedies: adviceFor(attributed, surroundings) }
}
export { processesNamed } from './facts.js'
