import { toolFormats } from '../../format/index.js'
import { identitiesFor } from '../../probe/index.js'
import type { Run } from '../context.js'
import { exitCodes } from '../exits.js'

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
