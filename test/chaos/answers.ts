import type { Report, Verdict } from '../../lib/model/index.js'

/** What came of a question. */
export type Answer =
  | { readonly is: 'reports'; readonly reports: readonly Told[] }
  | { readonly is: 'verdicts'; readonly verdicts: readonly Judged[] }
  | { readonly is: 'error'; readonly name: string; readonly code: string; readonly message: string }
  /** The Worker is gone. */
  | { readonly is: 'terminated' }

/** What is compared of a report. */
export interface Told {
  readonly enforced: Report['scope']['enforced']
  readonly effective: Report['scope']['effective']
  /** By the ids of the cells. */
  readonly cells: Readonly<Record<string, string>>
  readonly findings: readonly string[]
}

/** What is compared of a verdict. */
export type Judged = Pick<Verdict, 'pid' | 'verdict' | 'cause'>

export function told({ scope, observations, findings }: Report): Told {
  return {
    enforced: scope.enforced,
    effective: scope.effective,
    cells: Object.fromEntries(observations.map(({ id, status }) => [id, status])),
    findings: findings.map(({ id }) => id),
  }
}

export function judged({ pid, verdict, cause }: Verdict): Judged {
  return { pid, verdict, cause }
}

/** What the process says that is asked; the first line says that it is ready. */
export type Line =
  | { readonly is: 'ready' }
  | {
      readonly is: 'answered'
      readonly answer: Answer
      readonly ms: number
      /** What descriptors that were not open before refer to; null where it cannot be seen. */
      readonly descriptors: readonly string[] | null
      readonly threads: number
    }

/** What became of a run, as its cage saw it. */
export interface Result {
  readonly index: number
  readonly line: Line | null
  /** How Node ended, if it did before it answered. */
  readonly ended: string | null
  /** Node was stopped, and continued by the cage. */
  readonly wasResumed: boolean
  /** The reason why the run was not made. */
  readonly skipped: string | null
  readonly problems: readonly string[]
  readonly pids: Readonly<Record<string, number>>
}
