import type { Outcome } from '../model/index.js'
import { judgeUse, type UseName, uses } from '../probe/index.js'
import { type Cell, paint, type Style, type Tone, table, wrap } from './terminal.js'
import { shortName, type View } from './views.js'

/** What people do with ptrace, in the order of the report. */
export const practices: readonly (readonly [what: string, use: UseName])[] = [
  ['gdb PROG, strace PROG (started under it)', 'trace-child'],
  ['gdb -p PID, strace -p PID (same user)', 'trace-other'],
  ['rr record PROG (needs performance counters)', 'seize-child'],
  ['jhsdb --pid PID (same user)', 'attach-other'],
  ['criu dump -t PID (its attach only)', 'seize-other'],
  ['crash handler, a child of the program', 'trace-parent'],
  ['crash handler, started beside the program', 'trace-sibling'],
  ['crash handler named with PR_SET_PTRACER', 'trace-consenting'],
  // It clones a process that attaches to its parent (sanitizer_stoptheworld_linux_libcdep.cpp).
  ['LeakSanitizer (it names its tracer)', 'trace-consenting-parent'],
  ['profilers that read memory (such as py-spy)', 'read-other'],
]

/** An outcome for a reader. */
export const outcomeWords: Readonly<Record<Outcome, string>> = {
  works: 'works',
  refused: 'refused',
  partly: 'in part',
  undetermined: 'not known',
}

/** And its colour: neither answer is good or bad by itself. */
export const outcomeTones: Readonly<Record<Outcome, Tone | null>> = {
  works: null,
  refused: null,
  partly: null,
  undetermined: 'yellow',
}

interface Use {
  readonly what: string
  /** One for each view; null where it says nothing about that use. */
  readonly outcomes: readonly (Outcome | null)[]
}

function judged(views: readonly View[]): Use[] {
  return practices
    .map(([what, use]) => ({
      what,
      outcomes: views.map(({ cells }) => judgeUse(uses[use], cells)?.outcome ?? null),
    }))
    .filter(({ outcomes }) => outcomes.some((result) => result !== null))
}

/** The title of that table. */
export const practiceTitle = 'In practice, judging by the attempts above'

/** Uses by tracers: the names of the tracers, then a row a use; empty where nothing is known. */
export function practiceRows(views: readonly View[]): Cell[][] {
  const rows = judged(views)
  if (rows.length === 0) return []
  const names = views.map(shortName)
  return [
    [{ text: '' }, ...names.map((text): Cell => ({ text, tone: 'dim' }))],
    ...rows.map(({ what, outcomes }): Cell[] => [
      { text: what },
      ...outcomes.map((result): Cell => {
        return result === null
          ? { text: '' }
          : { text: outcomeWords[result], tone: outcomeTones[result] }
      }),
    ]),
  ]
}

/** The table: uses by tracers. */
export function practice(views: readonly View[], style: Style): string[] {
  const [head, ...body] = practiceRows(views)
  if (head === undefined) return []
  const rows = judged(views)
  const names = views.map(shortName)
  const lines = table(views.length > 1 ? [head, ...body] : body, style)
  return [
    ...wrap(practiceTitle, style).map((line) => paint(line, 'bold', style)),
    ...(lines ??
      rows.flatMap(({ what, outcomes }) => {
        const list = outcomes.map((result, index) => {
          if (result === null) return ''
          return `${views.length > 1 ? `${names[index]} ` : ''}${outcomeWords[result]}`
        })
        return wrap(`${what}: ${list.filter(Boolean).join(', ')}`, style, '    ', '  ')
      })),
  ]
}
