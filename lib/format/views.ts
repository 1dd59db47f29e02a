import {
  holdsSysPtrace,
  type Identity,
  list,
  type Method,
  type Observation,
  type Relation,
  type Report,
} from '../model/index.js'

/** What one kind of tracer saw. Identities that got the same answers everywhere share a view. */
export interface View {
  readonly identities: readonly Identity[]
  /** Observations by `relation[+consent]/method`; those of the user namespace's owner by `owner/…`. */
  readonly cells: ReadonlyMap<string, Observation>
}

/** The key of an observation within its identity. */
export function cellKey(relation: Relation, consent: string, method: Method): string {
  return `${relation}${consent === 'none' ? '' : `+${consent}`}/${method}`
}

/**
 * One view for each set of answers, the ordinary user's first. The owner of a user namespace is the
 * unprivileged tracer with another kind of target, so its cells belong to that view.
 */
export function views(report: Report): View[] {
  const byIdentity = new Map<Identity, Map<string, Observation>>([['unprivileged', new Map()]])
  for (const observation of report.observations) {
    const { identity, relation, consent, method } = observation
    const key = cellKey(relation, consent, method)
    const owned = identity === 'owner'
    const cells = entry(byIdentity, owned ? 'unprivileged' : identity)
    cells.set(owned ? `owner/${key}` : key, observation)
  }
  const merged = new Map<string, { identities: Identity[]; cells: Map<string, Observation> }>()
  for (const [identity, cells] of byIdentity) {
    if (cells.size === 0) continue
    const answers = signature(cells)
    const same = merged.get(answers)
    if (same) same.identities.push(identity)
    else merged.set(answers, { identities: [identity], cells })
  }
  return [...merged.values()]
}

function entry(map: Map<Identity, Map<string, Observation>>, identity: Identity) {
  const cells = map.get(identity) ?? new Map<string, Observation>()
  map.set(identity, cells)
  return cells
}

function signature(cells: ReadonlyMap<string, Observation>): string {
  return [...cells]
    .filter(([key]) => !key.startsWith('owner/'))
    .map(([key, { status, errno, signal }]) => `${key} ${status} ${errno ?? signal ?? ''}`)
    .sort()
    .join('\n')
}

/** A short name of the tracers of a view, for the head of a column. */
export function shortName({ identities }: View): string {
  const both = identities.includes('caller') && identities.includes('unprivileged')
  if (
    !identities.includes('caller') &&
    identities.includes('unprivileged') &&
    identities.length > 1
  ) {
    return 'ordinary users'
  }
  return identities
    .filter((identity) => !(both && identity === 'unprivileged'))
    .map((identity) => shortNames[identity] ?? identity.replace(/^user:/, 'user '))
    .join(', ')
}

const shortNames: Readonly<Record<string, string>> = {
  unprivileged: 'ordinary user',
  caller: 'this process',
}

/** A phrase for the tracers of a view, for the title of a table. */
export function longName({ identities }: View, { caller }: Pick<Report, 'caller'>): string {
  const capable = holdsSysPtrace(caller.capSysPtrace)
  const both = identities.includes('caller') && identities.includes('unprivileged')
  const self = `this process (uid ${caller.uid}, ${capable ? 'with' : 'without'} CAP_SYS_PTRACE)`
  const names = identities.map((identity) => {
    if (identity === 'caller') return both && capable ? null : self
    if (identity !== 'unprivileged') return identity.replace(/^user:/, 'user ')
    if (!both) return 'an ordinary user (without CAP_SYS_PTRACE)'
    return capable ? `this process (uid ${caller.uid}), with or without CAP_SYS_PTRACE` : null
  })
  return list(names.filter((name) => name !== null))
}
