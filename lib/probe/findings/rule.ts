import type { Observation, Remedy, Report } from '../../model/index.js'

/** The parts of a report that a finding may look at. */
export type Known = Pick<
  Report,
  'host' | 'caller' | 'scope' | 'kernelLog' | 'observations' | 'controls'
>

/** When a finding applies, and what it says then. */
export interface Rule {
  /** What the finding rests on, or null when it does not apply. */
  readonly when: (known: Known) => readonly string[] | null
  readonly says: (known: Known) => string
  readonly remedies?: (known: Known) => readonly Remedy[]
}

export function evidenceIf(
  condition: boolean,
  evidence: readonly string[],
): readonly string[] | null {
  return condition ? evidence : null
}

export function idsOf(observations: readonly Observation[]): string[] {
  return observations.map(({ id }) => id)
}

/** The answer of the first control that failed, in words. */
export function answerOf(known: Known, id: string): string {
  const control = known.controls.find((each) => each.id === id)
  return control?.signal ?? control?.errno ?? 'success'
}

export function labelled({ label }: Known['caller']): string {
  return label === null ? '' : ` (label of this process: ${label})`
}
