import { type Engine, type Examination, oracleBit } from '../engine/index.js'
import type { CauseId, PtraceProbeError, Verdict } from '../model/index.js'
import type { Trusted } from './controls.js'
import type { Deadline } from './deadline.js'
import { methodRows } from './methods.js'
import { askedOf, oracles } from './oracles.js'
import { examineEach, type Question } from './question.js'
import type { Steps } from './steps.js'

/** What an examination made of the question. */
export interface Judged {
  readonly examination: Examination
  readonly verdict: Verdict
}

/** What is blamed where no rule that shows itself explains the refusal. */
const vague: readonly CauseId[] = ['lsm', 'undetermined']

/**
 * Has a refusal that no known rule explains looked into by the oracles that were not asked. A seccomp
 * filter may refuse a call because of its arguments, or now and not before, and the controls see
 * neither (seccomp(2), "Filter" and SECCOMP_RET_USER_NOTIF). The oracles are calls of their own, and
 * the kernel answers all of them alike.
 *
 * What a known rule explains is not asked again: Yama would log it a second time.
 *
 * @returns the new examination for each of those that were looked into, or why they could not be
 */
export function* askOthers(
  engine: Engine,
  question: Question,
  judged: readonly Judged[],
  trusted: Trusted,
  deadline: Deadline,
): Steps<ReadonlyMap<Judged, Examination> | PtraceProbeError> {
  const isAsked = trusted.filtered && question.about?.kind !== 'pid'
  const doubted = isAsked ? judged.filter(({ verdict }) => isVague(verdict)) : []
  const others = doubted.reduce(
    (set, { examination }) => set & ~askedOf(examination),
    methodRows[question.method].isConfirmable ? trusted.oracles : 0,
  )
  if (doubted.length === 0 || !oracles.some(({ oracle }) => others & oracleBit(oracle))) {
    return new Map()
  }
  const pids = doubted.map(({ examination }) => examination.pid)
  const [again] = yield* examineEach(engine, pids, [question], others, deadline)
  if (again === undefined || 'error' in again) return again?.error ?? new Map()
  return new Map(again.examinations.flatMap((found, i) => pair(doubted[i], found)))
}

function isVague({ verdict, cause }: Verdict): boolean {
  return verdict === 'denied' && vague.includes(cause)
}

function pair(judged: Judged | undefined, found: Examination): [Judged, Examination][] {
  return judged === undefined ? [] : [[judged, found]]
}
