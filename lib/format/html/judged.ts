import { type Evaluation, listScopes } from '../../model/index.js'
import { link, type Markup, markup } from './markup.js'

const answers = [
  { met: true, kind: 'met', sign: '✓', word: 'met' },
  { met: false, kind: 'unmet', sign: '✗', word: 'not met' },
  { met: null, kind: 'unknown', sign: '?', word: 'unknown' },
] as const

/** Which policies the machine meets: those that it does not meet first. */
export function judged(evaluations: readonly Evaluation[]): Markup {
  const order = [false, null, true]
  const sorted = evaluations.toSorted((a, b) => order.indexOf(a.met) - order.indexOf(b.met))
  return markup`<table>
<thead><tr><th scope="col">Answer</th><th scope="col">Policy</th><th scope="col">Accepts</th></tr></thead>
<tbody>
${sorted.map(row)}</tbody></table>`
}

function row({ met, policy, disagreement }: Evaluation): Markup {
  const { id, title, source, date, scope } = policy
  return markup`<tr>${answers
    .filter((answer) => answer.met === met)
    .map(({ kind, sign, word }) => {
      return markup`<td class="${kind}"><span class="mark">${sign}</span> ${word}</td>`
    })}<th scope="row">${link(source, title)} <span class="quiet">${id}${date === null ? null : markup`, <time>${date}</time>`}</span>${disagreement === null ? null : markup`<br>${disagreement}`}</th><td>${scope === null ? 'any' : listScopes(scope)}</td></tr>
`
}
