import {
  type CrashHandling,
  holdsSysPtrace,
  type Identity,
  type Observation,
  type Outcome,
  type Report,
  type Strategy,
} from '../model/index.js'
import { type Judgement, judgeUse, type UseName, uses } from './operations.js'

/** What the strategies are decided from. */
type Seen = Pick<Report, 'observations' | 'caller'>

/**
 * The strategy for a crash handler as each identity, decided by what was tried. The owner of a user
 * namespace is the unprivileged tracer with another kind of target, so it is no handler of its own.
 */
export function crashHandling({ observations, caller }: Seen): CrashHandling[] {
  const identities = new Set(observations.map(({ identity }) => identity))
  identities.delete('owner')
  return [...identities].flatMap((identity) => {
    const capable =
      identity === 'user:root' || (identity === 'caller' && holdsSysPtrace(caller.capSysPtrace))
    const cells = new Map(
      observations.filter((each) => each.identity === identity).map((each) => [key(each), each]),
    )
    return adviceFor(identity, capable, cells) ?? []
  })
}

function key({ relation, consent, method }: Observation): string {
  return `${relation}${consent === 'none' ? '' : `+${consent}`}/${method}`
}

function adviceFor(
  identity: Identity,
  capable: boolean,
  cells: ReadonlyMap<string, Observation>,
): CrashHandling | null {
  const found = new Map<UseName, Judgement>()
  for (const use of steps) {
    const judgement = judgeUse(uses[use], cells)
    if (judgement === null) return null
    found.set(use, judgement)
  }
  const outcome = (use: UseName): Outcome => found.get(use)?.outcome ?? 'undetermined'
  return {
    identity,
    sameUser: firstThatWorks(
      [['trace-as-handler', 'direct'], ['trace-consenting', 'consent'], broker],
      outcome,
    ),
    // The credentials refuse the handler itself (ptrace(2)); the broker has those of the program.
    otherUser: capable ? null : firstThatWorks([broker], outcome),
    evidence: [
      ...new Set(
        [...found.values()].flatMap(({ observations }) => observations.map(({ id }) => id)),
      ),
    ],
  }
}

type Step = readonly [use: UseName, strategy: Strategy]

const broker: Step = ['trace-consenting-parent', 'broker']
const steps = ['trace-as-handler', 'trace-consenting', 'trace-consenting-parent'] as const

/** A refusal leads on to the next; what is not known could have worked, so nothing is said then. */
function firstThatWorks(choices: readonly Step[], outcome: (use: UseName) => Outcome): Strategy {
  for (const [use, strategy] of choices) {
    if (outcome(use) === 'works') return strategy
    if (outcome(use) === 'undetermined') return 'undetermined'
  }
  return 'none'
}
