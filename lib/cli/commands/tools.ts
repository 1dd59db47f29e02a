import { rendererFor } from '../../format/index.js'
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
  return exitCodes.measured
}
