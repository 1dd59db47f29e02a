import type { BadLine, Fleet, HostGroup } from '../../model/index.js'
import { namesOf, type Section as Question, sections } from '../fleet.js'
import { document, type Section } from './document.js'
import { type Markup, markup } from './markup.js'

/** A fleet on one page for a browser. */
export function page(fleet: Fleet): string {
  const { tool, message, hosts, envelopes, unread } = fleet
  const { count, first } = unread
  return document({
    title: `ptrace on ${hosts} hosts`,
    origin: `ptrace-probe ${tool.version}: what the machines of a fleet let one process do to another with ptrace`,
    verdict: message,
    tone: count > 0 ? 'warn' : 'plain',
    caveats: [],
    facts: [
      { name: 'Hosts', value: String(hosts), about: `by the latest of ${envelopes} envelopes` },
      ...largest('Enforced most often', fleet.enforced, hosts),
      ...largest('Kernel of most hosts', fleet.kernels, hosts),
    ],
    sections: [
      { id: 'hosts', title: 'Hosts, by what is true of them', body: orders(fleet) },
      ...notRead(count, first),
    ],
    footer: ['Each host was measured by itself; this page sums its answers up.'],
  })
}

function largest(name: string, groups: readonly HostGroup[], hosts: number) {
  const [group] = groups.toSorted((a, b) => b.count - a.count)
  return group === undefined
    ? []
    : [{ name, value: group.value, about: `${group.count} of ${hosts} hosts` }]
}

/** The same groups in two orders: a link shows the other one, so that no script is needed. */
function orders(fleet: Fleet): Markup {
  const byNumber = sections(fleet).map((each) => {
    return { ...each, groups: each.groups.toSorted((a, b) => b.count - a.count) }
  })
  const byName = sections(fleet).map((each) => {
    return { ...each, groups: each.groups.toSorted((a, b) => compare(a.value, b.value)) }
  })
  return markup`<div id="by-name">
<p class="quiet">Sorted by name. <a href="#by-number">Sort by number of hosts</a></p>
${byName.map((each) => table(each, fleet.hosts))}</div>
<div id="by-number">
<p class="quiet">Sorted by number of hosts. <a href="#by-name">Sort by name</a></p>
${byNumber.map((each) => table(each, fleet.hosts))}</div>`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

function table({ title, groups }: Question, hosts: number): Markup {
  return markup`<table class="bars"><caption>${title}</caption>
<thead><tr><th scope="col">Hosts</th><th scope="col">What</th></tr></thead>
<tbody>
${groups.map((group) => row(group, hosts))}</tbody></table>
`
}

function row(group: HostGroup, hosts: number): Markup {
  const share = hosts === 0 ? 0 : Math.round((100 * group.count) / hosts)
  return markup`<tr><td>${group.count}</td><th scope="row">${group.value}
<svg class="meter" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><path d="M0 4h${share}"/></svg>
<span class="quiet">${namesOf(group)}</span></th></tr>
`
}

function notRead(count: number, first: readonly BadLine[]): Section[] {
  if (count === 0) return []
  const more = count - first.length
  return [
    {
      id: 'unread',
      title: 'Not read',
      body: markup`<ul>${first.map(({ place, reason }) => markup`<li><b>${place}</b>: ${reason}</li>\n`)}</ul>
${more > 0 ? markup`<p>And ${more} more.</p>` : null}`,
    },
  ]
}
