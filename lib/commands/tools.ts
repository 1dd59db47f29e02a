import { exitCodes } from '../exits.js'
import { toolFormats } from '../format/index.js'
import type { Run } from '../io.js'
import { identitiesFor } from './identities.js'

/** `ptrace-probe tools`: which debuggers and other tools of this machine can do their work. */
export const run: Run = async ({ timeoutMs, users, format }, { io, style, print }) => {
  const [report, render] = await Promise.all([
    io.tools({
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...identitiesFor(users),
    }),
    toolFormats[format]?.(),
  ])
  await print(render?.(report, style) ?? '')
  return exitCodes.measured
}
