import type { Finding, Report } from '../model/index.js'
import { remedy } from './remedies.js'
import { paint, plain, type Style, type Tone, wrap } from './terminal.js'

const levels: Readonly<Record<Finding['level'], { readonly rank: number; readonly tone: Tone }>> = {
  error: { rank: 0, tone: 'red' },
  warning: { rank: 1, tone: 'yellow' },
  info: { rank: 2, tone: 'cyan' },
}

/** The gravest first. */
export function byGravity(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => levels[a.level].rank - levels[b.level].rank)
}

/** The findings, the gravest first, each with its remedies in their own order. */
export function findings(report: Report, style: Style): string[] {
  const sorted = byGravity(report.findings)
  if (sorted.length === 0) return []
  return [paint('Findings', 'bold', style), ...sorted.flatMap((found) => finding(found, style))]
}

function finding(found: Finding, style: Style): string[] {
  const { id, level, message, remedies } = found
  const label = `${level}[${id}]:`
  const [first = '', ...rest] = wrap(`${label} ${message}`, style, '    ', '  ')
  const colored = paint(`  ${label}`, levels[level].tone, style) + first.slice(label.length + 2)
  return [
    colored,
    ...rest,
    ...proof(found, style),
    ...remedies.flatMap((each) => remedy(each, style, '    ')),
  ]
}

/** What a finding rests on, for the reader who wants to check it. */
function proof({ evidence, source }: Finding, style: Style): string[] {
  if (style.detail !== 'verbose') return []
  const lines = [
    ...wrap(`seen: ${evidence.join(', ')}`, style, '      ', '    '),
    `    source: ${plain(source, style)}`,
  ]
  return lines.map((line) => paint(line, 'dim', style))
}
