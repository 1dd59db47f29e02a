import { formats } from '../format/index.js'
import type { Run } from '../io.js'
import type { Report } from '../types.js'
import { exitCodes } from '../usage.js'
import type { Identity } from '../vocabulary.js'

/** `ptrace-probe`: measures and prints the report. */
export const run: Run = async ({ timeoutMs, users, format }, { io, style, print }) => {
  // The format is loaded while the measurement runs.
  const [report, render] = await Promise.all([
    io.probe({
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(users.length === 0 ? {} : { identities: identities(users) }),
    }),
    formats[format]?.(),
  ])
  await print(render?.(report, style) ?? '')
  return measured(report) ? exitCodes.measured : exitCodes.notMeasured
}

function identities(users: readonly string[]): Identity[] {
  return ['caller', 'unprivileged', 'owner', ...users.map((user): Identity => `user:${user}`)]
}

/** False: not one attempt got an answer from the kernel, so the report says nothing about it. */
function measured({ scope, observations }: Report): boolean {
  const answered = observations.some(({ status }) => status === 'allowed' || status === 'denied')
  return answered || scope.enforced.name !== 'undetermined'
}
