import {
  capital,
  type Identity,
  type Tool,
  type ToolEffect,
  type ToolsReport,
} from '../model/index.js'
import { outcomeTones, outcomeWords } from './operations.js'
import {
  answered,
  type Cell,
  paint,
  plain,
  type Style,
  table,
  tableOrLines,
  wrap,
} from './terminal.js'
import { longName } from './views.js'

/** The tools for a reader at a terminal: a table for each kind of user, then the reasons. */
export function render(report: ToolsReport, style: Style): string {
  const tracing = report.tools.filter(({ start, attach }) => start.length + attach.length > 0)
  const isQuiet = style.detail === 'quiet'
  return answered(
    [
      opening(report, tracing, style),
      ...groups(tracing).flatMap((identities) => [
        outcomes(tracing, identities, report, style),
        ...(isQuiet ? [] : [reasons(tracing, identities, style)]),
      ]),
      ...(isQuiet ? [] : [notes(report, style)]),
      warnings(report, style),
      ...(isQuiet ? [] : [next(style)]),
    ],
    style,
  )
}

function opening({ tools, unread }: ToolsReport, tracing: readonly Tool[], style: Style): string[] {
  const count = tracing.length === 1 ? 'One tool' : `${tracing.length || 'No'} tools`
  const sentence = `${count} that use ptrace ${tracing.length === 1 ? 'was' : 'were'} found here.`
  const how = 'What they can do is judged by attempts of this process; none of them was run.'
  return [
    ...wrap(sentence.replace('One tool that use', 'One tool that uses'), style).map((line) =>
      paint(line, 'bold', style),
    ),
    ...(tools.length > 0 ? wrap(how, style) : []),
    ...unread.flatMap(({ name, reason }) =>
      wrap(`The packages of ${name} could not be read: ${reason}.`, style),
    ),
  ]
}

/** Identities whose tools fare the same share a table; the ordinary user's comes first. */
function groups(tools: readonly Tool[]): Identity[][] {
  const effects = tools.flatMap(({ start, attach }) => [...start, ...attach])
  const identities = [...new Set(effects.map(({ identity }) => identity))].sort(
    (a, b) => Number(b === 'unprivileged') - Number(a === 'unprivileged'),
  )
  const alike = new Map<string, Identity[]>()
  for (const identity of identities) {
    const fate = effects
      .filter((effect) => effect.identity === identity)
      .map(({ outcome, message }) => `${outcome} ${message}`)
      .join('\n')
    alike.set(fate, [...(alike.get(fate) ?? []), identity])
  }
  return [...alike.values()]
}

function effectOf(
  effects: readonly ToolEffect[],
  [identity]: readonly Identity[],
): ToolEffect | undefined {
  return effects.find((effect) => effect.identity === identity)
}

function outcomes(
  tools: readonly Tool[],
  identities: readonly Identity[],
  report: ToolsReport,
  style: Style,
): string[] {
  const title = `Started by ${longName({ identities, cells: new Map() }, report)}`
  const cell = (effects: readonly ToolEffect[]): Cell => {
    const effect = effectOf(effects, identities)
    if (effect === undefined) return { text: '' }
    return { text: outcomeWords[effect.outcome], tone: outcomeTones[effect.outcome] }
  }
  const head = ['', '', 'start', 'attach'].map((text): Cell => ({ text, tone: 'dim' }))
  const rows = tools.map(({ name, version, path, start, attach }): Cell[] => [
    { text: plain(name, style) },
    { text: plain(version ?? short(path), style), tone: 'dim' },
    cell(start),
    cell(attach),
  ])
  const fallback = () =>
    tools.flatMap(({ name, start, attach }) => {
      const [starts, attaches] = [cell(start).text, cell(attach).text]
      const results = [starts && `start ${starts}`, attaches && `attach ${attaches}`]
      return wrap(`${name}: ${results.filter(Boolean).join(', ')}`, style, '    ', '  ')
    })
  return [
    ...wrap(title, style).map((line) => paint(line, 'bold', style)),
    ...(table([head, ...rows], style) ?? fallback()),
  ]
}

/** What tells a tool of no package from another of its name, where there is room. */
function short(path: string): string {
  return path.length > 32 ? `...${path.slice(-29)}` : path
}

/** Why what does not work does not, each reason once. */
function reasons(tools: readonly Tool[], identities: readonly Identity[], style: Style): string[] {
  const found = new Map<string, { effect: ToolEffect; names: Set<string> }>()
  for (const { name, start, attach } of tools) {
    for (const effect of [effectOf(start, identities), effectOf(attach, identities)]) {
      if (effect === undefined || effect.outcome === 'works') continue
      const key = [effect.outcome, effect.does, effect.message].join()
      const entry = found.get(key) ?? { effect, names: new Set() }
      found.set(key, { ...entry, names: entry.names.add(name) })
    }
  }
  return [...found.values()].flatMap(({ effect: { outcome, does, message }, names }) => {
    const verb =
      outcome === 'refused' ? 'Cannot' : outcome === 'partly' ? 'Can in part' : 'May or may not'
    return wrap(`${verb} ${does} (${[...names].join(', ')}): ${message}`, style, '    ', '  ')
  })
}

function notes({ tools }: ToolsReport, style: Style): string[] {
  const found = new Map<string, Set<string>>()
  for (const { name, note } of tools) {
    if (note !== null) found.set(note, (found.get(note) ?? new Set()).add(name))
  }
  if (found.size === 0) return []
  return [
    paint('To be known', 'bold', style),
    ...[...found].flatMap(([note, names]) =>
      wrap(`${[...names].join(', ')}: ${note}.`, style, '    ', '  '),
    ),
  ]
}

function warnings({ tools }: ToolsReport, style: Style): string[] {
  const found = tools.flatMap(({ warning }) => warning ?? [])
  if (found.length === 0) return []
  return [
    paint('Warnings', 'bold', style),
    ...found.flatMap((warning) => {
      const [first = '', ...rest] = wrap(`warning: ${capital(warning)}`, style, '    ', '  ')
      const label = '  warning:'
      return [paint(label, 'yellow', style) + first.slice(label.length), ...rest]
    }),
  ]
}

function next(style: Style): string[] {
  const rows = [
    ['ptrace-probe', 'the attempts behind it and the enforced scope'],
    ['ptrace-probe check PID', 'whether one process may be attached to, or why not'],
    ['ptrace-probe tools --json', 'paths, packages and evidence, for a program'],
  ]
  const cells = rows.map((row) => row.map((text): Cell => ({ text })))
  return [paint('Next', 'bold', style), ...tableOrLines(cells, style)]
}
