import { rendererFor } from '../../format/index.js'
import type { Report } from '../../model/index.js'
import { identitiesFor } from '../../probe/index.js'
import type { Command } from '../context.js'
import { exitCodes } from '../exits.js'

/** `ptrace-probe`: measures and prints the report. */
export const report: Command = async (commandLine, { probe, style, print }) => {
  const { timeout, users, format } = commandLine
  // The format is loaded while the measurement runs.
  const [answer, render] = await Promise.all([
    probe({ ...timeout, ...identitiesFor(users) }),
    rendererFor('report', format),
  ])
  await print(render(answer, style))
  return measured(answer) ? exitCodes.measured : exitCodes.notMeasured
}

/** False: the kernel answered no attempt, so the report says nothing about the machine. */
function measured({ scope, observations }: Report): boolean {
  const answered = observations.some(({ status }) => status === 'allowed' || status === 'denied')
  return answered || scope.enforced.name !== 'undetermined'
}
