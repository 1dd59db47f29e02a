import { isSupported } from '../engine/index.js'
import { PtraceProbeError, type Relation, type Report } from '../model/index.js'
import { probeSync } from '../probe/index.js'
import { reasonFor, unmeasured } from './reason.js'
import {
  type CheckedRequirement,
  checkRequirement,
  isRequired,
  type Requirement,
} from './requirement.js'

let measured: Report | undefined

/**
 * Why a test that needs ptrace cannot run on this machine, for the `skip` of a test runner. The
 * first call measures (see {@link probeSync}). Later calls use the same report, so they do not see a
 * later change of ids or of the Yama scope.
 *
 * @param requirement - what the test does: a relation, attached to with `PTRACE_ATTACH` and without the
 *   target's consent, or a {@link Requirement}
 * @returns false where it is allowed, so that the test runs; otherwise one clause, such as
 *   `needs ptrace of a sibling; refused here with EPERM: Yama's scope is 1 (restricted)`
 * @throws TypeError if a word is unknown, or the report has no such attempt
 *   (`ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`)
 * @throws PtraceProbeError instead of returning a reason, if the environment has
 *   `PTRACE_PROBE_REQUIRE=1`. Set it where every test must run (`ERR_PTRACE_PROBE_REQUIRED`)
 *
 * @example
 * ```js
 * import test from 'node:test'
 * import { skipReason } from 'ptrace-probe'
 *
 * test('attaches to a sibling', { skip: skipReason('sibling') }, () => {})
 * ```
 */
export function skipReason(requirement: Relation | Requirement): false | string {
  const checked = checkRequirement(requirement)
  const reason = isSupported() ? reasonHere(checked) : `needs Linux, found ${process.platform}`
  if (reason === null) return false
  if (isRequired(process.env)) {
    throw new PtraceProbeError(
      `PTRACE_PROBE_REQUIRE does not allow this test to be skipped: ${reason}`,
      'ERR_PTRACE_PROBE_REQUIRED',
    )
  }
  return reason
}

function reasonHere(requirement: CheckedRequirement): string | null {
  try {
    measured ??= probeSync()
  } catch (error) {
    return unmeasured(requirement, error)
  }
  return reasonFor(measured, requirement)
}
