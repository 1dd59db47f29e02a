import type { BadLine, Fleet, HostGroup } from '../model/index.js'
import { code, document, heading, inline, table as markdownTable } from './markdown-text.js'
import { answered, joined, paint, type Style, wrap } from './terminal.js'

/** One question about the hosts, and its answers. */
export interface Section {
  readonly title: string
  readonly groups: readonly HostGroup[]
}

/** What is told of the hosts, in the order of need. */
export function sections(fleet: Fleet): Section[] {
  const all = [
    { title: 'Enforced scope', groups: fleet.enforced },
    { title: 'Declared and enforced', groups: fleet.agreement },
    { title: 'At a reboot', groups: fleet.drift },
    { title: 'Scope after a reboot', groups: fleet.afterReboot },
    ...fleet.policies.map(({ id, answers }) => ({ title: `Policy ${id}`, groups: answers })),
    { title: 'Findings', groups: fleet.findings },
    { title: 'Kernels', groups: fleet.kernels },
  ]
  return all.filter(({ groups }) => groups.length > 0)
}

/** The fleet for a reader at a terminal: in one sentence, then in groups of hosts. */
export function render(fleet: Fleet, style: Style): string {
  const opening = wrap(fleet.message, style).map((line) => paint(line, 'bold', style))
  if (style.detail === 'quiet') return joined([opening])
  return answered(
    [
      opening,
      ...sections(fleet).map(({ title, groups }) => [
        ...wrap(title, style).map((line) => paint(line, 'bold', style)),
        ...groups.flatMap((group) => wrap(groupWords(group), style, '      ', '  ')),
      ]),
      unread(fleet, style),
    ],
    style,
  )
}

function groupWords({ value, count, hosts }: HostGroup): string {
  return `${count}: ${value} (${namesOf({ count, hosts })})`
}

/** Some of the names, and how many more there are. */
export function namesOf({ count, hosts }: Pick<HostGroup, 'count' | 'hosts'>): string {
  const more = count - hosts.length
  return `${hosts.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function unread({ unread: { count, first } }: Fleet, style: Style): string[] {
  if (count === 0) return []
  return [
    ...wrap('Not read', style).map((line) => paint(line, 'yellow', style)),
    ...[
      ...first.map(badLine),
      ...(count > first.length ? [`${count - first.length} more`] : []),
    ].flatMap((line) => wrap(line, style, '      ', '  ')),
  ]
}

function badLine({ place, reason }: BadLine): string {
  return `${place}: ${reason}`
}

/** The same as Markdown. */
export function markdown(fleet: Fleet, { detail }: Style): string {
  const opening = `**${inline(fleet.message)}**`
  if (detail === 'quiet') return document([opening])
  const { count, first } = fleet.unread
  return document([
    opening,
    ...sections(fleet).flatMap(({ title, groups }) => [
      heading(inline(title)),
      markdownTable([
        ['Hosts', 'What', 'Names'],
        ...groups.map((group) => {
          const { count, value, hosts } = group
          const more = count - hosts.length
          const names = `${hosts.map(code).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
          return [String(count), inline(value), names]
        }),
      ]),
    ]),
    ...(count === 0
      ? []
      : [
          heading(`Not read: ${count}`),
          markdownTable([
            ['Where', 'Why'],
            ...first.map(({ place, reason }) => [code(place), inline(reason)]),
          ]),
        ]),
  ])
}
