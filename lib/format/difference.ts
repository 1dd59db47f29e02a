import type { Compared, Difference } from '../model/index.js'
import { bullets, document, inline } from './markdown-text.js'
import { joined, paint, type Style, wrap } from './terminal.js'

/** What changed, for a reader at a terminal: a sentence each. */
export function render(answer: Difference, style: Style): string {
  const opening = wrap(answer.message, style).map((line) => paint(line, 'bold', style))
  if (style.detail === 'quiet') return joined([opening])
  return joined([
    [...opening, ...wrap(sides(answer), style).map((line) => paint(line, 'dim', style))],
    answer.changes.flatMap(({ message }) => wrap(`- ${message}`, style, '    ', '  ')),
    answer.notCompared.flatMap((sentence) => wrap(sentence, style)),
  ])
}

/** The same as Markdown. */
export function markdown(answer: Difference, { detail }: Style): string {
  const opening = `**${inline(answer.message)}**`
  if (detail === 'quiet') return document([opening])
  return document([
    opening,
    inline(sides(answer)),
    bullets(answer.changes.map(({ message }) => inline(message))),
    ...answer.notCompared.map(inline),
  ])
}

function sides({ before, after }: Difference): string {
  return `Before: ${side(before)}. After: ${side(after)}.`
}

function side({ host, time }: Compared): string {
  return host === null ? time : `${host}, ${time}`
}
