import { capital, causeRows, type Outcome, tracerWords, type Verdict } from '../../model/index.js'
import type { Asked } from '../survey.js'
import { addTo, emptyGroup, type Group } from '../tally.js'
import type { Box, Picture } from './drawing.js'

/** Processes with the same verdict, for the same cause, of the same user. */
export interface Alike extends Group {
  readonly verdict: Verdict['verdict']
  readonly cause: Verdict['cause']
  /** Null: it is not known. */
  readonly uid: number | null
}

/** The groups of a survey by what they have in common. */
export type Groups = Map<string, Alike>

/** Puts one process into its group. */
export function sort(groups: Groups, { verdict, cause, target, pid }: Verdict): void {
  const uid = target?.uid ?? null
  const key = [verdict, cause, uid].join()
  const group = groups.get(key) ?? { ...emptyGroup(), verdict, cause, uid }
  groups.set(key, group)
  addTo(group, target?.name ?? 'unknown', pid)
}

/** The place of a verdict among the groups, and what it is in a drawing. */
export const ranks: Readonly<Record<Verdict['verdict'], { rank: number; outcome: Outcome }>> = {
  allowed: { rank: 0, outcome: 'works' },
  undetermined: { rank: 1, outcome: 'undetermined' },
  denied: { rank: 2, outcome: 'refused' },
}

/** What is open first, then what is not known; the larger ones first among them. */
export function inOrder(groups: Groups): Alike[] {
  return [...groups.values()].sort(
    (a, b) => ranks[a.verdict].rank - ranks[b.verdict].rank || b.count - a.count,
  )
}

/** As many groups as a drawing shows; the table beside it has more. */
const drawnAtMost = 12

/** The map of a survey: the tracer, and the groups of processes that it may reach or not. */
export function map(groups: readonly Alike[], asked: Asked): Picture {
  const total = groups.reduce((sum, { count }) => sum + count, 0)
  const shown = groups.length > drawnAtMost ? groups.slice(0, drawnAtMost - 1) : groups
  const rest = groups.slice(shown.length)
  const others = rest.reduce((sum, { count }) => sum + count, 0)
  return {
    title: `Which processes ${tracerWords(asked.tracer)} may attach to`,
    tracer: {
      title: 'The tracer',
      outcome: null,
      lines: [capital(tracerWords(asked.tracer))],
      evidence: null,
      share: null,
    },
    targets: [
      ...shown.map((group, i): Box => {
        const [first] = group.names.keys()
        return {
          title: `${group.count} ${group.count === 1 ? 'process' : 'processes'}`,
          outcome: ranks[group.verdict].outcome,
          lines: [
            userOf(group),
            reasonOf(group),
            ...(first === undefined ? [] : [`such as ${first}`]),
          ],
          evidence: groupId(i),
          share: group.count / total,
        }
      }),
      ...(rest.length === 0
        ? []
        : [
            {
              title: `${others} more`,
              outcome: ranks[rest[0]?.verdict ?? 'denied'].outcome,
              lines: [`in ${rest.length} smaller groups`],
              evidence: groupId(shown.length),
              share: others / total,
            },
          ]),
    ],
    descendants: null,
  }
}

/** The id of the row about a group. */
export function groupId(index: number): string {
  return `group-${index + 1}`
}

/** Whose processes they are. */
export function userOf({ uid }: Alike): string {
  return uid === null ? 'of an unknown user' : `of uid ${uid}`
}

/** What became of the group, in a few words. */
function reasonOf({ verdict, cause }: Alike): string {
  if (verdict === 'allowed') return 'open: it could be read and taken over'
  return verdict === 'denied' && cause !== null ? `refused: ${causeRows[cause].title}` : 'not known'
}

/** The same in full. */
export function because({ cause }: Alike): string {
  return cause === null
    ? 'No rule refuses.'
    : `${capital(causeRows[cause].because.replaceAll('`', ''))}.`
}
