import { isRequired, parseRequirement, reasonFor, unmeasured } from '../../skip/index.js'
import type { Run } from '../context.js'
import { exitCodes } from '../exits.js'

/** `ptrace-probe require`: says by its exit status whether a test can run. */
export const run: Run = async ({ operands: [text = ''], timeoutMs }, { io, print }) => {
  const requirement = parseRequirement(text)
  const reason = await io.probe(timeoutMs === undefined ? {} : { timeoutMs }).then(
    (report) => reasonFor(report, requirement),
    (error) => unmeasured(requirement, error),
  )
  if (reason === null) return exitCodes.measured
  if (isRequired(io.env)) {
    io.warn(`ptrace-probe: ${reason}\n`)
    return exitCodes.denied
  }
  await print(`${reason}\n`)
  return exitCodes.skip
}
