import { type Examination, loadEngine, type ProcessFacts } from '../engine/engine.js'
import { grantAll, grantOf } from '../grant.js'
import { readDeclared } from '../machine/facts.js'
import { askSelinux, type SelinuxAnswer } from '../machine/selinux.js'
import { type AttachOptions, checkPid, type TracerOption } from '../model/arguments.js'
import { hasSysPtrace } from '../model/capabilities.js'
import type { Verdict } from '../model/index.js'
import { presume } from '../presume.js'
import { attribute } from './causes.js'
import { calibrate, calibrated, calibrateSync, type TracerCalibration } from './controls.js'
import type { Circumstances } from './evidence.js'
import { examineEach, type Inquiry, inquire, only, requestFor } from './question.js'
import { adviceFor, type Surroundings } from './remedies.js'
import { isSelinuxContext } from './rules/labels.js'

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
  const ask = async (oracles: number): Promise<Examination> => {
    const { engine, examiner } = inquiry
    if (examiner === 'self') return engine.examine(checkedPid, oracles)
    const request = requestFor([examiner], inquiry, oracles, [checkedPid])
    const [answer] = await engine.examineAsAsync(request)
    return only(answer)
  }
  const presumed = calibrated() === undefined ? presume() : undefined
  const granted = presumed && grantOf(await ask(presumed.oracles), inquiry, presumed)
  if (granted) return granted
  const calibration = await calibrate(inquiry.engine)
  return verdictOf(await ask(calibration.oracles), inquiry, calibration)
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
  const [checkedPid, inquiries] = [checkPid(pid), [inquire(options)]]
  const granted = calibrated() === undefined ? grantAll(checkedPid, inquiries) : null
  const [verdict] = granted ?? decideEach(checkedPid, inquiries)
  if (verdict instanceof Error) throw verdict
  return verdict as Verdict
}

/**
 * The same for several tracers, of which one may fail and the others not; for the command, which has
 * been refused a grant before. A child and a stranger take one fork of this process, which is what
 * such a question costs most.
 *
 * @internal
 */
export function canAttachEach(
  pid: number,
  tracers: readonly TracerOption[],
  options: Omit<AttachOptions, 'tracer'>,
): readonly (Verdict | Error)[] {
  const inquiries = tracers.map((tracer) => inquire({ ...options, tracer }))
  return decideEach(checkPid(pid), inquiries)
}

function decideEach(pid: number, inquiries: readonly Inquiry[]): readonly (Verdict | Error)[] {
  const calibration = calibrateSync(loadEngine())
  return examineEach(pid, inquiries, calibration.oracles).map((each, i) =>
    each instanceof Error ? each : verdictOf(each, inquiries[i] as Inquiry, calibration),
  )
}

/** SELinux is asked only where access was refused. */
function selinuxOf({ self, target }: Examination): SelinuxAnswer | null {
  const contexts = [self?.label ?? '', target.label ?? '']
  const [source = '', other = ''] = contexts
  return contexts.every(isSelinuxContext) ? askSelinux(source, other) : null
}

/** Whoever has these ids, and no other, has the same as the target. */
function soleOwner({ uids = [], gids = [] }: ProcessFacts): Surroundings['owner'] {
  const [uid, gid] = [uids[0], gids[0]]
  if (uid === undefined || gid === undefined) return null
  const isOne = uids.every((id) => id === uid) && gids.every((id) => id === gid)
  return isOne ? { uid, gid } : null
}

/**
 * The verdict on one examined process.
 *
 * @internal
 */
export function verdictOf(
  examination: Examination,
  { tracer, selfPid }: Inquiry,
  calibration: TracerCalibration,
): Verdict {
  const circumstances: Circumstances = {
    tracer,
    selfPid,
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
    owner: soleOwner(examination.target),
  }
  return { ...attributed, remedies: adviceFor(attributed, surroundings) }
}
