import { type Assignment, namedScope, type SettingsReport } from '../../model/index.js'
import { openingSentences } from '../settings.js'
import { remedies } from './advice.js'
import { type Markup, markup } from './markup.js'

/** How the scope came about and what a boot makes of it, in the order of the events. */
export function trail(report: SettingsReport): Markup {
  const { builtIn, assignments, declared, afterReboot, reader, problems, drift } = report
  const [first = '', ...rest] = openingSentences(report)
  return markup`<p><b>${first}</b> ${rest}</p>
<ol class="trail">
${builtIn.value === null ? null : event(namedScope(builtIn.value), 'the kernel of this distribution begins with it', 'inferred', assignments.some((each) => each.effective) ? 'beaten' : 'wins')}
${assignments.map(assignment)}
${afterReboot === null ? null : event(namedScope(afterReboot), 'after the next boot', `as ${reader.name} reads the files`, drift === true ? '' : 'wins')}
${declared.value === null ? null : event(namedScope(declared.value), 'now', drift === true ? 'it will not outlast a boot' : `by ${declared.source ?? 'the kernel'}`, drift === true ? '' : 'wins')}
</ol>
${problems.length === 0 ? null : markup`<ul>${problems.map((each) => markup`<li>${each}</li>\n`)}</ul>`}
${report.remedies.length === 0 ? null : markup`<h3>What would change it, least privilege first</h3>`}
${remedies(report.remedies)}`
}

function assignment({ file, line, value, effective, reason, package: owner }: Assignment): Markup {
  const whose = owner === null ? '' : ` Package: ${owner}.`
  return event(
    value ?? 'left out',
    `${file}:${line}`,
    `${reason}${whose}`,
    effective ? 'wins' : 'beaten',
  )
}

function event(value: string, what: string, about: string, kind: string): Markup {
  return markup`<li class="${kind}"><b>${value}</b>${what}<span>${about}</span></li>\n`
}
