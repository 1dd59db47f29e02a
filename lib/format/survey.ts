import { capital, type TracerName, tracerWords, userOf, type Verdict } from '../model/index.js'
import { count, type Group, type Tally, tally } from './tally.js'
import {
  type Cell,
  joined,
  lineWidth,
  paint,
  plain,
  type Style,
  tableOrLines,
  wrap,
} from './terminal.js'

/** Whose survey it is. */
export interface Asked {
  readonly tracer: TracerName
  /** The uid of that tracer; null when it is not known. */
  readonly uid: number | null
  /** The process that makes the survey, which is left out of the sum. */
  readonly pid: number
}

/** The survey summed up for a reader at a terminal. */
export async function* render(
  verdicts: AsyncIterable<Verdict>,
  asked: Asked,
  style: Style,
): AsyncIterable<string> {
  const sum = tally()
  const every: Cell[][] = []
  for await (const verdict of verdicts) {
    if (verdict.pid === asked.pid) continue
    count(sum, verdict, asked.uid)
    if (style.detail === 'verbose') every.push(one(verdict, style))
  }
  if (style.detail === 'quiet') {
    yield joined([opening(sum, asked, style)])
    return
  }
  yield joined([
    opening(sum, asked, style),
    groups('Worth a look among them, judging by their names', sum.notable, style),
    groups('Refused, by the rule that refuses first', sum.refused, style),
    groups('Not known', sum.unknown, style),
    every.length === 0
      ? []
      : [paint('Every process', 'bold', style), ...tableOrLines(every, style)],
    next(asked, style),
  ])
}

const answers = { allowed: 'open', denied: 'refused', undetermined: 'not known' } as const

/** A process and its answer, with the rule that refuses first. */
function one({ pid, target, verdict, cause }: Verdict, style: Style): Cell[] {
  const by = verdict === 'denied' ? ` (${cause})` : ''
  return [
    { text: String(pid) },
    { text: plain(target?.name ?? 'unknown', style) },
    { text: `${answers[verdict]}${by}` },
  ]
}

/** The answer to the question of the auditor, in one sentence. */
export function openingSentence({ open, total, unknown }: Tally, { tracer }: Asked): string {
  const found = open.same.count + open.others.count
  const who = capital(tracerWords(tracer))
  const doubt = unknown.size > 0 ? ' at least' : ''
  return found === 0
    ? `${who} could read none of the ${total} other processes here${doubt && ', as far as can be told'}.`
    : `${who} could read${doubt} ${found} of the ${total} other processes here, and take them over.`
}

function opening(sum: Tally, asked: Asked, style: Style): string[] {
  const { same, others } = sum.open
  const rows: readonly (readonly [string, Group])[] = [
    [asked.uid === null ? 'of the same user' : `of uid ${asked.uid}`, same],
    ['of other users', others],
  ]
  return [
    ...wrap(openingSentence(sum, asked), style).map((line) => paint(line, 'bold', style)),
    ...(same.count + others.count === 0 ? [] : lines(rows, style)),
  ]
}

function groups(title: string, found: ReadonlyMap<string, Group>, style: Style): string[] {
  if (found.size === 0) return []
  const rows = [...found].sort(([, a], [, b]) => b.count - a.count)
  return [...wrap(title, style).map((line) => paint(line, 'bold', style)), ...lines(rows, style)]
}

function lines(rows: readonly (readonly [string, Group])[], style: Style): string[] {
  const digits = Math.max(...rows.map(([, group]) => String(group.count).length))
  const names = Math.max(...rows.map(([name]) => name.length))
  const room = lineWidth(style) - digits - names - 3 * '  '.length
  const cells = rows.map(([name, group]): Cell[] => [
    { text: String(group.count).padStart(digits) },
    { text: plain(name, style) },
    { text: plain(examples(group, room), style), tone: 'dim' },
  ])
  return tableOrLines(cells, style)
}

const more = ', ...'

/** As many names as there is room for, each with its first process: `node (12 and 3 more), sh (9)`. */
function examples({ count: all, names }: Group, room: number): string {
  let text = ''
  let shown = 0
  for (const [name, { pid, count: alike }] of names) {
    const others = alike > 1 ? ` and ${alike - 1} more` : ''
    const next = `${shown > 0 ? ', ' : ''}${name} (${pid}${others})`
    const reserve = shown + alike < all ? more.length : 0
    if (shown > 0 && text.length + next.length + reserve > room) continue
    text += next
    shown += alike
  }
  return shown > 0 && shown < all ? text + more : text
}

function next({ tracer }: Asked, style: Style): string[] {
  const user = userOf(tracer)
  const asUser = user === null ? '' : ` --as-user ${user}`
  const rows = [
    [`ptrace-probe check PID${asUser}`, 'why, and what would change it'],
    [`ptrace-probe survey --json${asUser}`, 'every verdict, one a line'],
  ]
  const cells = rows.map((row) => row.map((text): Cell => ({ text: plain(text, style) })))
  return [paint('Next', 'bold', style), ...tableOrLines(cells, style)]
}
