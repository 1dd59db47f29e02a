import { outlineOf } from './attach/evidence.js'
import { examineEach, type Inquiry, inquire } from './attach/question.js'
import { refusals } from './attach/rules/rule.js'
import { stateRules } from './attach/rules/state.js'
import { answer } from './attach/verdict.js'
import { type Examination, oracleBits } from './engine/engine.js'
import { type AttachOptions, checkPid, type TracerOption } from './model/arguments.js'
import { PtraceProbeError } from './model/errors.js'
import type { Verdict } from './model/index.js'
import { type Presumption, presume } from './presume.js'

/**
 * The verdict where access is granted and nothing else refuses; null where it takes a closer look.
 * It needs neither the rules about access nor the remedies, nor does it matter what holds here.
 */
export function grantOf(
  examination: Examination,
  { tracer, selfPid }: Inquiry,
  { controls }: Presumption,
): Verdict | null {
  // The engine looks at the tracer itself only where it was refused.
  if (examination.self !== undefined) return null
  const known = outlineOf(examination, {
    tracer,
    selfPid,
    controls,
    scope: null,
    lsm: null,
    selinux: null,
  })
  const verdict = answer(known, refusals(stateRules, known))
  return verdict.verdict === 'allowed' ? { ...verdict, remedies: [] } : null
}

/** The verdicts of tracers that may all attach; null otherwise. */
export function grantAll(
  pid: number,
  inquiries: readonly Inquiry[],
  sharesMemory = false,
): readonly Verdict[] | null {
  const presumed = presume()
  if (presumed === undefined) return null
  // The other oracles do not ask whoever shares the target's memory.
  const oracles = sharesMemory ? oracleBits['pidfd-getfd'] : presumed.oracles
  const verdicts = examineEach(pid, inquiries, oracles, sharesMemory).map((each, i) =>
    each instanceof Error ? null : grantOf(each, inquiries[i] as Inquiry, presumed),
  )
  return verdicts.includes(null) ? null : (verdicts as Verdict[])
}

/**
 * The same from the options of the library, for the command: it has no other work that examiners in
 * its own memory could disturb, and to copy that memory would take longer than all the rest.
 */
export function grantEach(
  pid: number,
  tracers: readonly TracerOption[],
  options: Omit<AttachOptions, 'tracer'>,
): readonly Verdict[] | null {
  const inquiries = tracers.map((tracer) => inquire({ ...options, tracer }))
  const sharesMemory = tracers.every((tracer) => typeof tracer === 'string')
  try {
    return grantAll(checkPid(pid), inquiries, sharesMemory)
  } catch (error) {
    // A fork takes fewer descriptors, and works where only threads may share memory (emulators).
    if (sharesMemory && error instanceof PtraceProbeError) return null
    throw error
  }
}
