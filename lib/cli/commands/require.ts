import { isRequired, parseRequirement, reasonFor, unmeasured } from '../../skip/index.js'
import type { Command } from '../context.js'
import { exitCodes } from '../exits.js'

/** `ptrace-probe require`: says by its exit status whether a test can run. */
export const requireRelation: Command = async (commandLine, { probe, env, warn, print }) => {
  const { operands, timeout } = commandLine
  const [text = ''] = operands
  const requirement = parseRequirement(text)
  const reason = await probe(timeout).then(
    (report) => reasonFor(report, requirement),
    (error) => unmeasured(requirement, error),
  )
  if (reason === null) return exitCodes.measured
  if (isRequired(env)) {
    warn(`ptrace-probe: ${reason}\n`)
    return exitCodes.denied
  }
  await print(`${reason}\n`)
  return exitCodes.skip
}
