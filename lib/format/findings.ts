import type { Finding, Remedy, Report } from '../types.js'
import { paint, plain, type Style, type Tone, wrap } from './terminal.js'

const levels: Readonly<Record<Finding['level'], { readonly rank: number; readonly tone: Tone }>> = {
  error: { rank: 0, tone: 'red' },
  warning: { rank: 1, tone: 'yellow' },
  info: { rank: 2, tone: 'cyan' },
}

const needs: Readonly<Record<Remedy['needs'], string>> = {
  nothing: 'needs no privilege',
  target: "needs the target's cooperation",
  root: 'needs root',
  reboot: 'needs root and a reboot',
}
const lasts: Readonly<Record<Remedy['lasts'], string>> = {
  process: 'as long as the process',
  boot: 'until the next boot',
  permanent: 'across boots',
}
const weakens: Readonly<Record<Remedy['weakens'], string>> = {
  nothing: 'weakens nothing',
  target: 'weakens that target only',
  user: "weakens that user's processes",
  machine: 'weakens the whole machine',
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
  return [colored, ...rest, ...remedies.flatMap((each) => remedy(each, style))]
}

function remedy({ does, command, ...cost }: Remedy, style: Style): string[] {
  const price = `${needs[cost.needs]}, lasts ${lasts[cost.lasts]}, ${weakens[cost.weakens]}`
  const sentence = `${does.replace(/\.$/, '')} (${price})`
  // A command stays on one line whatever its length: it is there to be copied.
  return [
    ...wrap(sentence, style, '      ', '    - '),
    ...(command === undefined ? [] : [`        ${paint(plain(command, style), 'bold', style)}`]),
  ]
}
