import { type Explanation, type ExplanationReport, list } from '../model/index.js'
import { paint, type Style, wrap } from './terminal.js'
import { sentence } from './verdicts.js'

/** The explanations for a reader at a terminal; where there is none, what is known. */
export function render({ text, explanations, known }: ExplanationReport, style: Style): string {
  if (explanations.length > 0) {
    return explanations.map((each) => `${block(each, style).join('\n')}\n`).join('\n')
  }
  const head = text === '' ? [] : wrap('No such text is known here.', style)
  const texts =
    style.detail === 'quiet' ? [] : known.flatMap((each) => wrap(each, style, '    ', '  '))
  const title =
    texts.length === 0 ? [] : wrap('These are known; three dots stand for what differs:', style)
  return `${[...head, ...title, ...texts].join('\n')}\n`
}

function block(
  { programs, text, means, causes, command, page }: Explanation,
  style: Style,
): string[] {
  const head = wrap(`${list(programs)}: ${text}`, style).map((line) => paint(line, 'bold', style))
  if (style.detail === 'quiet') return head
  const title = causes.length > 1 ? 'What it may be, the most usual first:' : 'What it is:'
  return [
    ...head,
    ...wrap(means, style, '  '),
    ...wrap(title, style, '  '),
    ...causes.flatMap((cause, at) => wrap(`${at + 1}. ${sentence(cause)}`, style, '     ', '  ')),
    ...(command === null ? [] : [...wrap('Which one it is:', style, '  '), `    ${command}`]),
    ...wrap(`More: ${page}`, style, '  '),
  ]
}
