import { rendererFor } from '../../format/index.js'
import { invalidArgument } from '../../model/index.js'
import type { Command, Context } from '../context.js'
import { exitCodes } from '../exits.js'

/** `ptrace-probe merge`: the envelopes of many hosts in one summary. */
export const merge: Command = async ({ operands, format }, context) => {
  const paths = operands.length === 0 ? ['-'] : operands
  if (operands.length === 0 && context.isTyped()) {
    throw invalidArgument(
      'value',
      'merge needs a directory, a file, or envelopes on standard input',
    )
  }
  const counter = context.isWatched() ? counterFor(context) : null
  const fleet = await context.merge(paths, {
    read: (envelopes) => counter?.show(envelopes),
    failed: ({ place, reason }) => {
      counter?.clear()
      context.warn(`ptrace-probe: ${place}: ${reason}\n`)
    },
  })
  counter?.clear()
  const render = await rendererFor('merge', format)
  await context.print(render(fleet, context.style))
  return fleet.unread.count === 0 ? exitCodes.measured : exitCodes.denied
}

/** Written again at most that often. */
const intervalMs = 200

/** How far it is, on a line of its own that disappears. */
function counterFor({ warn }: Context) {
  let shown = 0
  let isShown = false
  return {
    show: (envelopes: number) => {
      const now = performance.now()
      if (now - shown < intervalMs) return
      shown = now
      isShown = true
      warn(`\r${envelopes} envelopes read`)
    },
    clear: () => {
      if (isShown) warn('\r\u001b[K')
      isShown = false
    },
  }
}
