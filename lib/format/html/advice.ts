import type { Finding, Remedy, Report, SettingsRemedy } from '../../model/index.js'
import { byGravity } from '../findings.js'
import { commandLines, remedySentence } from '../remedies.js'
import { link, type Markup, markup } from './markup.js'

/** What one can do, the least privilege first; a click or a tap on a command selects all of it. */
export function remedies(list: readonly (Remedy | SettingsRemedy)[]): Markup | null {
  if (list.length === 0) return null
  return markup`<ol class="remedies">
${list.map((each) => markup`<li>${remedySentence(each)}.${command(each)}${undo(each)}</li>\n`)}</ol>`
}

function command(each: Remedy): Markup | null {
  const lines = commandLines(each)
  return lines.length === 0
    ? null
    : markup`<pre>${lines.map((line, i) => markup`${i > 0 ? markup`\n` : null}${line}`)}</pre>`
}

function undo(each: Remedy | SettingsRemedy): Markup | null {
  if (!('undo' in each) || each.undo === undefined) return null
  return markup`<p class="quiet">To undo it:</p><pre>${each.undo}</pre>`
}

/** The findings, the gravest first. */
export function findings({ findings: found }: Report): Markup {
  if (found.length === 0) return markup`<p>Nothing is out of the ordinary.</p>`
  return markup`${byGravity(found).map(finding)}`
}

function finding({ id, level, message, evidence, remedies: list, source }: Finding): Markup {
  return markup`<article class="finding ${level}">
<h3>${id} <span class="level">${level}</span></h3>
<p>${message}</p>
${remedies(list)}
<p class="quiet">Seen in: ${evidence.join(', ')}. ${link(source, 'Where the rule is documented')}</p>
</article>
`
}
