import type { Observation, Outcome } from '../model/index.js'

/** Something that people do with ptrace, and the attempts that stand for it. */
export interface Use {
  /** What is done, as it follows "to". */
  readonly does: string
  /** `relation[+consent]/method`; all of them must be allowed for it to work. */
  readonly cells: readonly string[]
  /**
   * What counts instead where no target can name its tracer: programs ignore that error, and are
   * then in the position of one that named no tracer.
   */
  readonly otherwise?: readonly string[]
}

/**
 * THE table of uses. A debugger or profiler started from a shell is a sibling of what else runs in
 * that shell, and nothing (here: the case of an orphan) to the rest of that user's processes.
 */
const rows = {
  'trace-child': {
    does: 'start a program and trace it',
    cells: ['child/traceme', 'child/seize'],
  },
  'read-child': {
    does: 'start a program, pause it and read its memory',
    cells: ['child/vm-read', 'child/attach'],
  },
  // rr seizes what it has started (Task.cc).
  'seize-child': {
    does: 'start a program and record it',
    cells: ['child/seize'],
  },
  'trace-other': {
    does: 'attach to a program that runs already',
    cells: ['sibling/attach', 'sibling/seize', 'orphan/attach', 'orphan/seize'],
  },
  'attach-other': {
    does: 'attach to a program that runs already by PTRACE_ATTACH',
    cells: ['sibling/attach', 'orphan/attach'],
  },
  'seize-other': {
    does: 'attach to a program that runs already by PTRACE_SEIZE',
    cells: ['sibling/seize', 'orphan/seize'],
  },
  'read-other': {
    does: 'read the memory of a program that runs already',
    cells: ['sibling/vm-read', 'orphan/vm-read'],
  },
  'pause-and-read-other': {
    does: 'pause a program that runs already and read its memory',
    cells: ['sibling/vm-read', 'orphan/vm-read', 'sibling/attach', 'orphan/attach'],
  },
  'search-other': {
    does: 'attach to a program that runs already and search its memory',
    cells: ['sibling/attach', 'sibling/proc-mem', 'orphan/attach', 'orphan/proc-mem'],
  },
  'trace-parent': {
    does: 'attach to the program that started it',
    cells: ['parent/attach'],
  },
  'trace-sibling': {
    does: 'attach to a program that was started beside it',
    cells: ['sibling/attach'],
  },
  // Wherever a crash handler was started: by the program, beside it, or elsewhere.
  'trace-as-handler': {
    does: 'attach to a program that crashed',
    cells: ['parent/attach', 'sibling/attach', 'orphan/attach'],
  },
  'trace-consenting': {
    does: 'attach to a program that names it with PR_SET_PTRACER',
    cells: ['parent+tracer/attach', 'sibling+tracer/attach'],
    otherwise: ['parent/attach', 'sibling/attach'],
  },
  'trace-consenting-parent': {
    does: 'attach to its parent, which names it with PR_SET_PTRACER',
    cells: ['parent+tracer/attach'],
    otherwise: ['parent/attach'],
  },
  'trace-consenting-to-all': {
    does: 'attach to a program that lets any process do so (PR_SET_PTRACER_ANY)',
    cells: ['sibling+any/attach', 'orphan+any/attach'],
    otherwise: ['sibling/attach', 'orphan/attach'],
  },
} as const satisfies Readonly<Record<string, Use>>

/** The name of a use. */
export type UseName = keyof typeof rows
/** The uses by name. */
export const uses: Readonly<Record<UseName, Use>> = rows

/** A use, judged by what one kind of tracer saw. */
export interface Judgement {
  readonly outcome: Outcome
  /** The attempts that decided. */
  readonly observations: readonly Observation[]
}

/**
 * Judges one use by what one kind of tracer saw; null where it was not tried.
 *
 * @param cells - observations by `relation[+consent]/method`
 */
export function judgeUse(
  { cells: wanted, otherwise }: Use,
  cells: ReadonlyMap<string, Observation>,
): Judgement | null {
  const pick = (keys: readonly string[]) => keys.flatMap((key) => cells.get(key) ?? [])
  const found = pick(wanted)
  const unnamed = found.length > 0 && found.every(({ status }) => status === 'unavailable')
  const observations = unnamed && otherwise ? pick(otherwise) : found
  if (observations.length === 0) return null
  return { outcome: outcomeOf(observations), observations }
}

function outcomeOf(observations: readonly Observation[]): Outcome {
  const statuses = new Set(observations.map(({ status }) => status))
  if (statuses.size === 1 && statuses.has('allowed')) return 'works'
  if (statuses.size === 1 && statuses.has('denied')) return 'refused'
  return statuses.has('allowed') && statuses.has('denied') ? 'partly' : 'undetermined'
}
