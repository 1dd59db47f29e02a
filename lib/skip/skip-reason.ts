import { isSupported } from '../engine/index.js'
import { PtraceProbeError, type Relation, type Report } from '../model/index.js'
import { probeSync } from '../probe/index.js'
import { reasonFor, unmeasured } from './reason.js'
import { type CheckedNeed, checkNeed, isRequired, type Need } from './requirement.js'

let measured: Report | undefined

/**
 * Why a test that needs ptrace cannot run on this machine, for the `skip` of a test runner. Measures
 * when it is first called (see {@link probeSync}) and remembers the report as long as this module
 * is loaded: a change of ids or of the Yama scope after that goes unnoticed.
 *
 * @param need - what the test does: a relation, attached to with `PTRACE_ATTACH` and without the
 *   target's consent, or a {@link Need}
 * @returns false where it is allowed, so that the test runs; otherwise one clause, such as
 *   `needs ptrace of a sibling; refused here with EPERM: Yama's scope is 1 (restricted)`
 * @throws TypeError on words that are not known, or an attempt that is none of the report's
 *   (`ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`)
 * @throws PtraceProbeError instead of an answer other than false when the environment has
 *   `PTRACE_PROBE_REQUIRE=1`, as it should where every test has to run (`ERR_PTRACE_PROBE_REQUIRED`)
 *
 * @example
 * ```js
 * import test from 'node:test'
 * import { skipReason } from 'ptrace-probe'
 *
 * test('attaches to a sibling', { skip: skipReason('sibling') }, () => {})
 * ```
 */
export function skipReason(need: Relation | Need): false | string {
  const checked = checkNeed(need)
  const reason = isSupported() ? reasonHere(checked) : `needs Linux, found ${process.platform}`
  if (reason === null) return false
  if (isRequired(process.env)) {
    throw new PtraceProbeError(
      `PTRACE_PROBE_REQUIRE forbids to skip this test: ${reason}`,
      'ERR_PTRACE_PROBE_REQUIRED',
    )
  }
  return reason
}

function reasonHere(need: CheckedNeed): string | null {
  try {
    measured ??= probeSync()
  } catch (error) {
    return unmeasured(need, error)
  }
  return reasonFor(measured, need)
}
