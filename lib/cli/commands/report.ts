import { formats } from '../../format/index.js'
import type { Report } from '../../model/index.js'
import { identitiesFor } from '../../probe/index.js'
import type { Run } from '../context.js'
import { exitCodes } from '../exits.js'

/** `ptrace-probe`: measures and prints the report. */
export const run: Run = async ({ timeoutMs, users, format }, { io, style, print }) => {
  // The format is loaded while the measurement runs.
  const [report, render] = await Promise.all([
    io.probe({
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...identitiesFor(users),
    }),
    formats[format]?.(),
  ])
  await print(render?.(report, style) ?? '')
  return measured(report) ? exitCodes.measured : exitCodes.notMeasured
}

/** False: not one attempt got an answer from the kernel, so the report says nothing about it. */
function measured({ scope, observations }: Report): boolean {
  const answered = observations.some(({ status }) => status === 'allowed' || status === 'denied')
  return answered || scope.enforced.name !== 'undetermined'
}
