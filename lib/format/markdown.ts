import {
  type Assertion,
  type Evaluation,
  type Finding,
  listScopes,
  type Remedy,
  type Report,
  type SettingsReport,
  visible,
} from '../model/index.js'
import { type Besides, besides } from './besides.js'
import { byGravity } from './findings.js'
import { caveats, verdict } from './headline.js'
import { block, bullets, code, document, heading, inline, table } from './markdown-text.js'
import { triedBy } from './matrix.js'
import { practiceRows, practiceTitle } from './operations.js'
import { commandLines, remedySentence } from './remedies.js'
import { measuredOn, scopeRows } from './report.js'
import { openingSentences } from './settings.js'
import type { Style } from './terminal.js'
import { views } from './views.js'

/** Markdown is read as UTF-8, and in a window of any width. */
const signs: Style = { color: false, unicode: true, columns: 80 }

/** The report for a pull request, a ticket or a wiki. */
export function report(answer: Report, { detail }: Style): string {
  const opening = [`**${inline(verdict(answer))}**`, ...caveats(answer).map(inline)]
  if (detail === 'quiet') return document(opening)
  const all = views(answer)
  return document([
    ...opening,
    heading('Scope'),
    table([
      ['Scope', 'Value', ''],
      ...scopeRows(answer).map(([which = '', value = '', about = '']) => {
        return [which, inline(value), inline(about)]
      }),
    ]),
    inline(measuredOn(answer)),
    ...all.flatMap((view) => {
      const { title, rows, legend, failures } = triedBy(view, answer, signs)
      return [
        heading(inline(title)),
        ...(rows.length > 0 ? [table(rows.map((row) => row.map(({ text }) => inline(text))))] : []),
        ...[legend, ...failures].map(inline),
      ]
    }),
    ...practice(all),
    ...besides(answer).flatMap(beside),
    ...(answer.findings.length === 0 ? [] : [heading('Findings')]),
    ...byGravity(answer.findings).flatMap(finding),
  ])
}

function practice(all: ReturnType<typeof views>): string[] {
  const rows = practiceRows(all)
  if (rows.length === 0) return []
  return [heading(practiceTitle), table(rows.map((row) => row.map(({ text }) => inline(text))))]
}

function beside({ title, rows, sentences }: Besides): string[] {
  const cells = rows.map((row) => row.map(({ text }) => inline(text)))
  const [head = []] = cells
  // GitHub's tables have a head, which may be empty.
  const all = head[0] === '' ? cells : [head.map(() => ''), ...cells]
  return [heading(title), table(all), bullets(sentences.map(inline))]
}

function finding({ level, id, message, remedies }: Finding): string[] {
  return [`**${level}** ${code(id)}: ${inline(message)}`, ...advice(remedies)]
}

/** What one can do, each with its command. */
function advice(remedies: readonly Remedy[]): string[] {
  return remedies.map((each) => {
    const lines = commandLines(each).map(visible)
    const text = bullets([inline(remedySentence(each))])
    return lines.length === 0 ? text : `${text}\n\n${block('sh', lines, '  ')}`
  })
}

const answers: Readonly<Record<string, string>> = { true: 'met', false: 'not met', null: 'unknown' }

/** The answer about policies. */
export function assertion(answer: Assertion, { detail }: Style): string {
  const opening = `**${inline(answer.message)}** (${answer.certainty})`
  if (detail === 'quiet') return document([opening])
  const { evaluations, remedies } = answer
  return document([
    opening,
    table([
      ['Policy', 'Scope', 'Answer'],
      ...evaluations.map(({ policy, met }) => {
        const accepted = policy.scope === null ? 'any' : listScopes(policy.scope)
        return [code(policy.id), accepted, answers[String(met)] ?? '']
      }),
    ]),
    ...evaluations.flatMap(evaluation),
    ...(remedies.length === 0 ? [] : [heading('What would change it, least privilege first')]),
    ...advice(remedies),
  ])
}

function evaluation({ policy, message, expectations, disagreement }: Evaluation): string[] {
  return [
    heading(inline(policy.id)),
    inline(message),
    table([
      ['Asked for', 'Expected', 'Found', 'Answer', 'Seen in'],
      ...expectations.map(({ subject, expected, observed, met, evidence }) => [
        ...[code(subject), expected, observed, answers[String(met)] ?? ''],
        evidence.map(code).join(', '),
      ]),
    ]),
    ...(disagreement === null ? [] : [inline(disagreement)]),
  ]
}

/** What is configured, and what a reboot makes of it. */
export function settings(answer: SettingsReport, { detail }: Style): string {
  const [first = '', ...rest] = openingSentences(answer).map(inline)
  const opening = [`**${first}**`, ...rest]
  if (detail === 'quiet') return document(opening)
  const { assignments, problems, remedies } = answer
  return document([
    ...opening,
    ...(assignments.length === 0
      ? []
      : [
          heading(`Assignments, in the order in which ${answer.reader.name} reads them`),
          table([
            ['File', 'Line', 'Value', 'Counts', 'Package', 'Why'],
            ...assignments.map(({ file, line, value, effective, package: owner, reason }) => [
              ...[code(file), String(line), code(value ?? '-'), effective ? 'yes' : 'no'],
              ...[owner === null ? '' : code(owner), inline(reason)],
            ]),
          ]),
        ]),
    ...(problems.length === 0 ? [] : [heading('To know'), bullets(problems.map(inline))]),
    ...(remedies.length === 0 ? [] : [heading('What would change it, least privilege first')]),
    ...advice(remedies),
  ])
}
