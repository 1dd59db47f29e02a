import { rendererFor } from '../../format/index.js'
import type { ToolsReport } from '../../model/index.js'
import { identitiesFor } from '../../probe/index.js'
import type { Command } from '../context.js'
import { exitCodes } from '../exits.js'

/** `ptrace-probe tools`: which debuggers and other tools of this machine can do their work. */
export const tools: Command = async (commandLine, context) => {
  const { timeout, users, format } = commandLine
  const [report, render] = await Promise.all([
    context.tools({ ...timeout, ...identitiesFor(users) }),
    rendererFor('tools', format),
  ])
  await context.print(render(report, context.style))
  return measured(report) ? exitCodes.measured : exitCodes.notMeasured
}

/** False: no attempt came to its end, so nothing is said of any tool. */
function measured({ scope, tools }: ToolsReport): boolean {
  const effects = tools.flatMap(({ start, attach }) => [...start, ...attach])
  const isKnown = effects.some(({ outcome }) => outcome !== 'undetermined')
  return isKnown || scope.enforced.name !== 'undetermined'
}
