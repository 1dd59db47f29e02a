import type { Remedy, RemedyId } from '../model/index.js'
import { paint, plain, type Style, wrap } from './terminal.js'

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

/** These change nothing: they lead to a better answer. */
const onlyLooks: ReadonlySet<RemedyId> = new Set([
  'measure-as-root',
  'run-longer',
  'probe-the-host',
  'find-the-rule',
])

/** What one can do, and what it costs. */
export function remedySentence({ id, does, ...cost }: Remedy): string {
  const [need, ...others] = [needs[cost.needs], `lasts ${lasts[cost.lasts]}`, weakens[cost.weakens]]
  const prices = onlyLooks.has(id) ? (cost.needs === 'nothing' ? [] : [need]) : [need, ...others]
  return does.replace(/\.$/, '') + (prices.length === 0 ? '' : ` (${prices.join(', ')})`)
}

/** The lines of its command; none where it has none. */
export function commandLines({ command = '' }: Remedy): string[] {
  return command.split('\n').filter((line) => line !== '')
}

/** What one can do, what it costs, and the command on a line of its own. */
export function remedy(each: Remedy, style: Style, indent: string): string[] {
  // A command stays on one line whatever its length: it is there to be copied.
  return [
    ...wrap(remedySentence(each), style, `${indent}  `, `${indent}- `),
    ...commandLines(each).map((line) => {
      return `${indent}    ${paint(plain(line, style), 'bold', style)}`
    }),
  ]
}
