import { type Change, consents, list, namedTarget, oneOf, relations } from '../model/index.js'
import type { MeasuredReport } from './shape.js'

type Observation = MeasuredReport['observations'][number]
type Status = Observation['status']

/** Attempts of one identity that changed alike. */
interface Group {
  readonly identity: string
  readonly before: Status
  readonly after: Status
  /** The methods by the target. */
  readonly targets: Map<string, string[]>
}

const words: Readonly<Record<Status, string>> = {
  allowed: 'allowed',
  denied: 'denied',
  unavailable: 'not possible to try',
  inconclusive: 'not known',
}

/** What the kernel answers otherwise, a sentence for each identity and kind of change. */
export function attemptChanges(
  [before, after]: readonly [MeasuredReport, MeasuredReport],
  isSameCaller: boolean,
): Change[] {
  const old = new Map(before.observations.map(({ id, status }) => [id, status]))
  const groups = new Map<string, Group>()
  const tried = new Map<string, number>()
  for (const each of after.observations) {
    const { id, identity, method, status } = each
    const place = `${identity}/${target(each)}`
    tried.set(place, (tried.get(place) ?? 0) + 1)
    const first = old.get(id)
    if (first === undefined || first === status) continue
    if (identity === 'caller' && !isSameCaller) continue
    const key = [identity, first, status].join(' ')
    const group = groups.get(key) ?? { identity, before: first, after: status, targets: new Map() }
    group.targets.set(target(each), [...(group.targets.get(target(each)) ?? []), method])
    groups.set(key, group)
  }
  return [...groups.values()].map(({ identity, before, after, targets }) => {
    const named = [...targets].map(([name, methods]) => {
      const isWhole = methods.length === tried.get(`${identity}/${name}`)
      return isWhole ? name : `${name} (${methods.join(', ')})`
    })
    const message = `For ${who(identity)}, access to ${list(named)} was ${words[before]}, and is ${words[after]} now.`
    return { subject: 'attempts', before, after, message }
  })
}

function who(identity: string): string {
  switch (identity) {
    case 'caller':
      return 'the process that measures'
    case 'unprivileged':
      return 'a process without CAP_SYS_PTRACE'
    case 'owner':
      return 'the owner of a user namespace'
    default:
      return identity.replace(/^user:/, 'user ')
  }
}

/** In words, or as it is written where a later version has others. */
function target({ relation, consent }: Observation): string {
  return oneOf(relations, relation) && oneOf(consents, consent)
    ? namedTarget(relation, consent)
    : `${relation}+${consent}`
}
