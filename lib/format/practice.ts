import type { Observation } from '../types.js'
import { type Cell, paint, type Style, type Tone, table, wrap } from './terminal.js'
import { shortName, type View } from './views.js'

/** Something that people do, and the attempts that stand for it. */
export interface Use {
  readonly what: string
  /** Keys of a view's cells; all of them must be allowed for it to work. */
  readonly cells: readonly string[]
  /**
   * What counts instead where no target can name its tracer: programs ignore that error, and are
   * then in the position of one that named nobody.
   */
  readonly otherwise?: readonly string[]
}

/**
 * What people do with ptrace, in the order of the report. A debugger or profiler started from a
 * shell is a sibling of what else runs in that shell, and nothing (here: the case of an orphan) to
 * the rest of that user's processes. LeakSanitizer clones a process that attaches to its parent, and
 * names it with PR_SET_PTRACER first (sanitizer_stoptheworld_linux_libcdep.cpp of compiler-rt).
 */
export const uses: readonly Use[] = [
  {
    what: 'gdb PROG, strace PROG (started under it)',
    cells: ['child/traceme', 'child/seize'],
  },
  {
    what: 'gdb -p PID, strace -p PID (same user)',
    cells: ['sibling/attach', 'sibling/seize', 'orphan/attach', 'orphan/seize'],
  },
  { what: 'crash handler, a child of the program', cells: ['parent/attach'] },
  { what: 'crash handler, started beside the program', cells: ['sibling/attach'] },
  {
    what: 'crash handler named with PR_SET_PTRACER',
    cells: ['parent+tracer/attach', 'sibling+tracer/attach'],
    otherwise: ['parent/attach', 'sibling/attach'],
  },
  {
    what: 'LeakSanitizer (it names its tracer)',
    cells: ['parent+tracer/attach'],
    otherwise: ['parent/attach'],
  },
  {
    what: 'profilers that read memory (such as py-spy)',
    cells: ['sibling/vm-read', 'orphan/vm-read'],
  },
]

/** What becomes of a use; null where it was not tried. */
export type Outcome = 'works' | 'refused' | 'in part' | 'not known' | null

/** Judges one use by what one kind of tracer saw. */
export function outcome(use: Use, cells: View['cells']): Outcome {
  const { otherwise } = use
  const found = pick(cells, use.cells)
  const unnamed =
    otherwise && found.length > 0 && found.every(({ status }) => status === 'unavailable')
  const statuses = (unnamed ? pick(cells, otherwise) : found).map(({ status }) => status)
  if (statuses.length === 0) return null
  if (statuses.every((status) => status === 'allowed')) return 'works'
  if (statuses.every((status) => status === 'denied')) return 'refused'
  return statuses.includes('allowed') && statuses.includes('denied') ? 'in part' : 'not known'
}

function pick(cells: View['cells'], keys: readonly string[]): Observation[] {
  return keys.map((key) => cells.get(key)).filter((cell) => cell !== undefined)
}

const tones: Readonly<Record<NonNullable<Outcome>, Tone>> = {
  works: 'green',
  refused: 'red',
  'in part': 'yellow',
  'not known': 'yellow',
}

/** The table: uses by tracers. */
export function practice(views: readonly View[], style: Style): string[] {
  const rows = uses
    .map(({ what, ...use }) => ({
      what,
      outcomes: views.map(({ cells }) => outcome({ what, ...use }, cells)),
    }))
    .filter(({ outcomes }) => outcomes.some((result) => result !== null))
  if (rows.length === 0) return []
  const names = views.map(shortName)
  const head: Cell[] = [{ text: '' }, ...names.map((text): Cell => ({ text, tone: 'dim' }))]
  const body = rows.map(({ what, outcomes }): Cell[] => [
    { text: what },
    ...outcomes.map((result): Cell => ({ text: result ?? '', tone: result && tones[result] })),
  ])
  const lines = table(views.length > 1 ? [head, ...body] : body, style)
  return [
    ...wrap('In practice, judging by the attempts above', style).map((line) =>
      paint(line, 'bold', style),
    ),
    ...(lines ??
      rows.flatMap(({ what, outcomes }) => {
        const list = outcomes.map((result, index) => {
          return result && views.length > 1 ? `${names[index]} ${result}` : result
        })
        return wrap(`${what}: ${list.filter(Boolean).join(', ')}`, style, '    ', '  ')
      })),
  ]
}
