import {
  enableYama,
  type Policy,
  type Remedy,
  type Report,
  remedy,
  type Scope,
} from '../model/index.js'
import { expectationsOf, scopesFor } from './expectation.js'

/** The scopes at which all these policies can be met. */
export function commonScopes(asked: readonly Policy[]): readonly Scope[] {
  const all: readonly Scope[] = [0, 1, 2, 3]
  return asked.reduce((left, { scope, relations }) => {
    const meeting = scopesFor(scope, expectationsOf(relations))
    return left.filter((value) => meeting.includes(value))
  }, all)
}

/**
 * The least that would make the machine meet the policies, or would make it possible to tell; none
 * where no scope meets them all, or the rule that refuses is not known to be Yama.
 *
 * @param met - what is known by now
 */
export function remediesFor(
  report: Report,
  asked: readonly Policy[],
  met: false | null,
): readonly Remedy[] {
  if (met === null) return toMeasure(report)
  const wanted = commonScopes(asked)
  if (wanted.length === 0) return []
  const { enforced } = report.scope
  // Neither the value nor the modules of the kernel are a container's.
  if (report.host.container !== null) return [remedy('probe-the-host')]
  if (enforced.name === 'no-yama') {
    // No scope can be set before the kernel has one.
    return wanted.includes(0) ? [] : [enableYama(report.host.lsm)]
  }
  const now = enforced.candidates.at(-1)
  if (now === undefined || enforced.candidates.length === 4) return []
  // Then something else than the scope is in the way.
  if (wanted.includes(now) && enforced.value === now) return []
  const next = wanted.find((value) => value > now) ?? wanted.findLast((value) => value < now)
  if (next === undefined) return []
  const permanently = towards(remedy('scope-permanently'), next, now)
  if (now === 3 && next < 3) return [permanently, remedy('reboot')]
  return [towards(remedy(`scope-${next}-now`), next, now), permanently]
}

function towards(offered: Remedy, next: Scope, now: Scope): Remedy {
  return next < now ? { ...offered, weakens: 'machine' } : offered
}

function toMeasure({ observations, caller }: Report): readonly Remedy[] {
  const late = observations.some(({ step }) => step === 'deadline' || step === 'not-run')
  return [
    ...(late ? [remedy('run-longer')] : []),
    ...((caller.tracerPid ?? 0) === 0 ? [] : [remedy('run-untraced')]),
    ...(caller.capSysPtrace.effective ? [] : [remedy('measure-as-root')]),
  ]
}
