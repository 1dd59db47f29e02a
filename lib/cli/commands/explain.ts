import { explain as explainText } from '../../explain/index.js'
import { rendererFor } from '../../format/index.js'
import type { Command } from '../context.js'
import { exitCodes } from '../exits.js'

/** `ptrace-probe explain`: what may be behind an error text of another program. */
export const explain: Command = async ({ operands, format }, { print, style }) => {
  // Without quotes the shell has cut the text into words.
  const answer = explainText(operands.join(' '))
  const render = await rendererFor('explain', format)
  await print(render(answer, style))
  const isAnswered = answer.explanations.length > 0 || answer.text === ''
  return isAnswered ? exitCodes.measured : exitCodes.denied
}
