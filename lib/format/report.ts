import {
  isUser,
  type Report,
  type Scope,
  type ScopeName,
  type ScopeReport,
} from '../model/index.js'
import { findings } from './findings.js'
import { caveats, verdict } from './headline.js'
import { matrix, summary } from './matrix.js'
import { practice } from './operations.js'
import { type Cell, paint, plain, type Style, table, wrap } from './terminal.js'
import { views } from './views.js'

/** The report for a reader at a terminal: the verdict first, the details in the order of need. */
export function render(report: Report, style: Style): string {
  const all = views(report)
  const sections = [
    opening(report, style),
    ...all.map((view, index) => {
      return (index > 0 && summary(view, report, style)) || matrix(view, report, style)
    }),
    scopes(report, style),
    practice(all, style),
    findings(report, style),
    next(report, style),
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function opening(report: Report, style: Style): string[] {
  return [
    ...wrap(verdict(report), style).map((line) => paint(line, 'bold', style)),
    ...caveats(report).flatMap((sentence) => wrap(sentence, style)),
  ]
}

const scopeNames: Readonly<Record<Scope, ScopeName>> = {
  0: 'classic',
  1: 'restricted',
  2: 'admin-only',
  3: 'no-attach',
}

/** Declared, enforced and effective scope, one below the other. */
function scopes({ scope, host, caller, durationMs }: Report, style: Style): string[] {
  const rows = [
    ['declared', declared(scope), plain(scope.declared.source, style)],
    ['enforced', enforced(scope), certainty(scope)],
    ['effective', effective(scope), `what this process meets (uid ${caller.uid})`],
  ]
  const system = [host.os.id, host.os.version].filter(Boolean).join(' ')
  const inside = host.container && `inside ${host.container}`
  const where = [`Linux ${host.kernel}`, host.arch, system, inside].filter(Boolean).join(', ')
  const measured = `Measured on ${where}, in ${durationMs.toFixed(1)} ms.`
  return [
    paint('Scope', 'bold', style),
    ...texts(rows, style),
    ...wrap(measured, style, '  ').map((line) => paint(line, 'dim', style)),
  ]
}

function declared({ declared: { value } }: ScopeReport): string {
  return value === null ? 'not declared' : named(value, scopeNames[value])
}

function enforced({ enforced: { value, name, candidates } }: ScopeReport): string {
  if (name === 'no-yama') return 'no Yama'
  if (value !== null) return named(value, name)
  if (candidates.length === 1) return `${candidates[0]} or no Yama`
  return candidates.length > 0 ? candidates.join(' or ') : name
}

function certainty({ agrees, enforced: { certainty: how } }: ScopeReport): string {
  const versus = agrees === null ? '' : agrees ? ', as declared' : ', NOT as declared'
  return `${how}${versus}`
}

function effective({ effective: { value, name } }: ScopeReport): string {
  return value === null ? name : named(value, name)
}

function named(value: number, name = ''): string {
  return `${value} (${name})`
}

/** Commands of this release that answer the next question. */
function next({ caller, observations }: Report, style: Style): string[] {
  const user = observations.some(({ identity }) => isUser(identity))
  const commands = [
    ['ptrace-probe check PID', 'whether one process may be attached to, or why not'],
    ['ptrace-probe survey', 'the same for all processes, summed up'],
    ['ptrace-probe --json', 'this report and every detail, for a program'],
    caller.uid === 0 &&
      !user && ['ptrace-probe --as-user NAME', 'this report as that user sees it'],
    ['ptrace-probe --help', 'all commands and options'],
  ].filter((entry) => entry !== false)
  return [paint('Next', 'bold', style), ...texts(commands, style)]
}

/** A table of texts; without its columns where it would be too wide. */
function texts(rows: readonly (readonly string[])[], style: Style): string[] {
  const lines = table(
    rows.map((row) => row.map((text): Cell => ({ text }))),
    style,
  )
  return lines ?? rows.flatMap((row) => wrap(row.join('  '), style, '    ', '  '))
}
