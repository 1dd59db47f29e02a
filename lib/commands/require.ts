import { exitCodes } from '../exits.js'
import type { Run } from '../io.js'
import { isRequired, parseNeed } from '../need.js'
import { reasonFor, unmeasured } from '../reason.js'

/** `ptrace-probe require`: says by its exit status whether a test can run. */
export const run: Run = async ({ operands: [text = ''], timeoutMs }, { io, print }) => {
  const need = parseNeed(text)
  const reason = await io.probe(timeoutMs === undefined ? {} : { timeoutMs }).then(
    (report) => reasonFor(report, need),
    (error) => unmeasured(need, error),
  )
  if (reason === null) return exitCodes.measured
  if (isRequired(io.env)) {
    io.warn(`ptrace-probe: ${reason}\n`)
    return exitCodes.denied
  }
  await print(`${reason}\n`)
  return exitCodes.skip
}
