import { capital, type Verdict } from '../../model/index.js'
import type { Asked } from '../survey.js'
import { count, type Group, type Tally, tally } from '../tally.js'
import { figure } from './figure.js'
import { type Alike, because, type Groups, groupId, inOrder, map, sort, userOf } from './groups.js'
import { type Markup, markup } from './markup.js'

/** A survey summed up: its size depends on the number of rules and users, not of processes. */
export interface Summed {
  readonly tally: Tally
  readonly groups: readonly Alike[]
}

/** Counts the verdicts as they come. */
export async function summed(verdicts: AsyncIterable<Verdict>, asked: Asked): Promise<Summed> {
  const sum = tally()
  const groups: Groups = new Map()
  for await (const verdict of verdicts) {
    if (verdict.pid === asked.pid) continue
    count(sum, verdict, asked.uid)
    sort(groups, verdict)
  }
  return { tally: sum, groups: inOrder(groups) }
}

const caption =
  'Each arrow is what the kernel answered about a group of processes, and its bar is their share. A box links to its row.'

/** As many groups as the table has rows; a machine with more users has more. */
const listed = 60

/** The map of the processes, and each group with examples. */
export function processes({ tally: sum, groups }: Summed, asked: Asked): Markup {
  if (groups.length === 0) return markup`<p>There is no other process.</p>`
  const rest = groups.slice(listed)
  return markup`${figure(map(groups, asked), caption)}
<table><thead><tr><th scope="col">Number</th><th scope="col">User</th><th scope="col">Answer</th></tr></thead>
<tbody>
${groups.slice(0, listed).map(row)}</tbody></table>
${rest.length === 0 ? null : markup`<p>And ${rest.length} smaller groups.</p>`}
${notable(sum)}`
}

const words = { allowed: 'open', denied: 'refused', undetermined: 'not known' } as const

function row(group: Alike, index: number): Markup {
  const { verdict, cause } = group
  return markup`<tr id="${groupId(index)}"><td>${group.count}</td><td>${userOf(group)}</td><th scope="row"><b>${words[verdict]}</b>${cause === null ? null : `, ${cause}`}: ${because(group)} <span class="quiet">${examples(group)}</span></th></tr>
`
}

function examples({ names }: Group): string {
  const shown = [...names].slice(0, 6).map(([name, { pid, count: all }]) => {
    return `${name} (${pid}${all > 1 ? ` and ${all - 1} more` : ''})`
  })
  return shown.length === 0 ? '' : `Such as ${shown.join(', ')}.`
}

function notable({ notable: held }: Tally): Markup | null {
  if (held.size === 0) return null
  return markup`<h3>Worth a look among the open ones, judging by their names</h3>
<ul>${[...held].map(([holds, group]) => markup`<li><b>${capital(holds)}</b>: ${group.count}. ${examples(group)}</li>\n`)}</ul>`
}
