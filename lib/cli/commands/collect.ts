import { rendererFor } from '../../format/index.js'
import { identitiesFor } from '../../probe/index.js'
import type { Command } from '../context.js'
import { exitCodes } from '../exits.js'
import { isMeasured } from '../measured.js'
import { policiesNamed } from '../policies.js'

/** `ptrace-probe collect`: everything about this host, for those who compare hosts. */
export const collect: Command = async (commandLine, context) => {
  const { timeout, users, policies, format } = commandLine
  const [envelope, render] = await Promise.all([
    context.collect({ ...timeout, ...identitiesFor(users), policies: policiesNamed(policies) }),
    rendererFor('collect', format),
  ])
  await context.print(render(envelope, context.style))
  return isMeasured(envelope.report) ? exitCodes.measured : exitCodes.notMeasured
}
