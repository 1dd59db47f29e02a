import { isUser, listScopes, namedScope, type Report, type ScopeReport } from '../model/index.js'
import { besidesText } from './besides.js'
import { findings } from './findings.js'
import { caveats, verdict } from './headline.js'
import { matrix, summary } from './matrix.js'
import { practice } from './operations.js'
import { remedy } from './remedies.js'
import {
  answered,
  joined,
  paint,
  plain,
  type Style,
  type Tone,
  tableOrLines,
  wrap,
} from './terminal.js'
import { views } from './views.js'

/** The report for a reader at a terminal: the verdict first, the details in the order of need. */
export function render(report: Report, style: Style): string {
  if (style.detail === 'quiet') return joined([opening(report, style)])
  const all = views(report)
  return answered(
    [
      opening(report, style),
      ...all.map((view, index) => {
        return (index > 0 && summary(view, report, style)) || matrix(view, report, style)
      }),
      scopes(report, style),
      practice(all, style),
      ...besidesText(report, style),
      advice(report, style),
      findings(report, style),
      next(report, style),
    ],
    style,
  )
}

function opening(report: Report, style: Style): string[] {
  return [
    ...wrap(verdict(report), style).map((line) => paint(line, toneOf(report.scope), style)),
    ...caveats(report).flatMap((sentence) => wrap(sentence, style)),
  ]
}

/** Colour says what the answer means to security: nothing restricts, or something does. */
function toneOf({ enforced: { value, name } }: ScopeReport): Tone {
  if (name === 'undetermined') return 'bold'
  return value === null || value === 0 ? 'yellow' : 'green'
}

/** Declared, enforced and effective scope, one below the other. */
function scopes(report: Report, style: Style): string[] {
  const rows = scopeRows(report).map((cells) => cells.map((text) => ({ text: plain(text, style) })))
  return [
    paint('Scope', 'bold', style),
    ...tableOrLines(rows, style, (what, value, note) => `${what}: ${value} (${note})`),
    ...[measuredOn(report), ...logged(report)]
      .flatMap((text) => wrap(text, style, '  '))
      .map((line) => paint(line, 'dim', style)),
  ]
}

/** What Yama wrote about it to the kernel's log. */
function logged({ kernelLog: { refusals } }: Report): string[] {
  if (refusals === 0) return []
  if (refusals === null) return ["How many lines Yama wrote to the kernel's log is not known."]
  const attempts = refusals === 1 ? 'one of these attempts' : `${refusals} of these attempts`
  return [`Yama refused ${attempts} and logs each, at most 10 in 5 seconds.`]
}

/** Which scope, its value, and what to know about it. */
export function scopeRows({ scope, caller }: Report): string[][] {
  return [
    ['Yama', yamaStatus(scope), 'whether it is there and restricts anything'],
    ['declared', declared(scope), scope.declared.source],
    ['enforced', enforced(scope), certainty(scope)],
    ['effective', effective(scope), `what this process meets (uid ${caller.uid})`],
  ]
}

/** Where it was measured, and how long that took. */
export function measuredOn({ host, durationMs }: Report): string {
  const system = [host.os.id, host.os.version].filter(Boolean).join(' ')
  const inside = host.container && `inside ${host.container}`
  const where = [`Linux ${host.kernel}`, host.arch, system, inside].filter(Boolean).join(', ')
  return `Measured on ${where}, in ${durationMs.toFixed(1)} ms.`
}

function declared({ declared: { value } }: ScopeReport): string {
  return value === null ? 'not declared' : namedScope(value)
}

function enforced({ enforced: { value, name, candidates } }: ScopeReport): string {
  if (name === 'no-yama') return 'no Yama'
  if (value !== null) return namedScope(value)
  if (candidates.length === 1) return `${candidates[0]} or no Yama`
  return candidates.length > 0 ? listScopes(candidates) : name
}

function certainty({ agrees, enforced: { certainty: how } }: ScopeReport): string {
  const versus = agrees === null ? '' : agrees ? ', as declared' : ', NOT as declared'
  return `${how}${versus}`
}

/** As the sandbox page of a browser says it. */
function yamaStatus({ yama, enforcing }: ScopeReport): string {
  if (yama === null) return 'not known'
  if (!yama) return 'not active'
  return enforcing === null ? 'active' : enforcing ? 'active, enforcing' : 'active, not enforcing'
}

function effective({ effective: { value, name } }: ScopeReport): string {
  return value === null ? name : namedScope(value)
}

/** What a guide advises for this kind of machine, and what is to be done. */
function advice({ profile }: Report, style: Style): string[] {
  if (profile === undefined) return []
  const { name, advice: says, message, source, remedies } = profile
  return [
    paint(`Advice for ${profileTitles[name]}`, 'bold', style),
    ...wrap(says, style, '  '),
    ...wrap(message, style, '  '),
    ...remedies.flatMap((each) => remedy(each, style, '  ')),
    ...wrap(`Source: ${source}`, style, '  ').map((line) => paint(line, 'dim', style)),
  ]
}

const profileTitles = {
  desktop: 'a desktop',
  server: 'a server',
  dmz: 'a machine in a DMZ',
} as const

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
  const rows = commands.map((row) => row.map((text) => ({ text })))
  return [paint('Next', 'bold', style), ...tableOrLines(rows, style)]
}
