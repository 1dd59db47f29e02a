import type { Report } from '../../model/index.js'
import { besides } from '../besides.js'
import { triedBy } from '../matrix.js'
import { practiceRows } from '../operations.js'
import type { Cell } from '../terminal.js'
import type { View } from '../views.js'
import { evidenceId } from './family.js'
import { signs } from './figure.js'
import { type Markup, markup } from './markup.js'

/** Every attempt, target by target and method by method; a drawing links to its rows. */
export function evidence(views: readonly View[], report: Report): Markup {
  return markup`${views.map((view, number) => attempts(view, number, report))}${controls(report)}`
}

function attempts(view: View, number: number, report: Report): Markup {
  const { title, rows, keys, legend, failures } = triedBy(view, report, signs)
  const [head, ...body] = rows
  return markup`${head === undefined ? null : grid(title, head, body, (i) => evidenceId(number, keys[i] ?? ''))}
<p class="quiet">${[legend, ...failures].filter((text) => text !== '').join('. ')}</p>
`
}

function grid(
  title: string,
  [, ...head]: readonly Cell[],
  body: readonly (readonly Cell[])[],
  id: (row: number) => string,
): Markup {
  return markup`<table class="grid"><caption>${title}</caption>
<thead><tr><td></td>${head.map(({ text }) => markup`<th scope="col">${text}</th>`)}</tr></thead>
<tbody>
${body.map(([target, ...marks], i) => markup`<tr id="${id(i)}"><th scope="row">${target?.text ?? ''}</th>${marks.map(({ text }) => markup`<td>${text}</td>`)}</tr>\n`)}</tbody></table>`
}

/** What answered as on an unconfined machine, and what did not. */
function controls({ controls: all }: Report): Markup {
  const passing = all.filter(({ passes }) => passes === true).map(({ id }) => id)
  const failing = all.filter(({ passes }) => passes !== true)
  return markup`<p class="quiet">Controls, calls whose answer is known on an unconfined machine. As there: ${passing.join(', ') || 'none'}.${
    failing.length === 0
      ? null
      : ` Not so, or not measured: ${failing.map(({ id, errno, signal }) => `${id} (${errno ?? signal ?? 'no error'})`).join(', ')}.`
  }</p>`
}

/** What that means for what people do with ptrace, and what else does. */
export function practice(views: readonly View[], report: Report): Markup | null {
  const [head, ...body] = practiceRows(views)
  if (head === undefined) return null
  return markup`${table('What people do', head, body, 'marks')}${besides(report).map(
    ({ title, rows, sentences }) => {
      const first = rows[0]?.[0]?.text === '' ? rows[0] : null
      return markup`<h3>${title}</h3>
${table('What for', first, first === null ? rows : rows.slice(1), 'words')}${sentences.map((text) => markup`<p class="quiet">${text}</p>\n`)}`
    },
  )}`
}

/** A table whose first cells are headings; of `words` the others are sentences, which may wrap. */
function table(
  corner: string,
  head: readonly Cell[] | null,
  body: readonly (readonly Cell[])[],
  kind: 'marks' | 'words',
): Markup {
  const top =
    head &&
    markup`<thead><tr>${head.map(({ text }, i) => (i === 0 ? markup`<th scope="col">${corner}</th>` : markup`<th scope="col">${text}</th>`))}</tr></thead>\n`
  return markup`<table class="${kind}">${top}<tbody>
${body.map(([what, ...outcomes]) => markup`<tr><th scope="row">${what?.text ?? ''}</th>${outcomes.map(({ text }) => markup`<td>${text}</td>`)}</tr>\n`)}</tbody></table>
`
}
