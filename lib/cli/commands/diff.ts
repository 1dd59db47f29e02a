import { rendererFor } from '../../format/index.js'
import type { Command } from '../context.js'
import { exitCodes } from '../exits.js'

/** `ptrace-probe diff`: what changed between two reports or envelopes. */
export const diff: Command = async ({ operands, format }, context) => {
  const [first = '', second = ''] = operands
  const before = await context.readMeasured(first)
  const answer = await context.difference(before, await context.readMeasured(second))
  const render = await rendererFor('diff', format)
  await context.print(render(answer, context.style))
  return answer.changes.length === 0 ? exitCodes.measured : exitCodes.denied
}
