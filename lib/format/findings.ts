import type { Finding, Report } from '../model/index.js'
import { remedy } from './remedies.js'
import { paint, type Style, type Tone, wrap } from './terminal.js'

const levels: Readonly<Record<Finding['level'], { readonly rank: number; readonly tone: Tone }>> = {
  error: { rank: 0, tone: 'red' },
  warning: { rank: 1, tone: 'yellow' },
  info: { rank: 2, tone: 'cyan' },
}

/** The findings, the gravest first, each with its remedies in their own order. */
export function findings(report: Report, style: Style): string[] {
  const sorted = [...report.findings].sort((a, b) => levels[a.level].rank - levels[b.level].rank)
  if (sorted.length === 0) return []
  return [paint('Findings', 'bold', style), ...sorted.flatMap((found) => finding(found, style))]
}

function finding({ level, message, remedies }: Finding, style: Style): string[] {
  const [first = '', ...rest] = wrap(`${level}: ${message}`, style, '    ', '  ')
  const label = `  ${level}:`
  const colored = paint(label, levels[level].tone, style) + first.slice(label.length)
  return [colored, ...rest, ...remedies.flatMap((each) => remedy(each, style, '    '))]
}
