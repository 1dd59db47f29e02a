/**
 * What other programs conclude without asking the kernel, as tables. Each was read in its source, at
 * the date that is given; no code is theirs.
 */
import type { CauseId } from '../../lib/model/causes.js'
import type { Scope } from '../../lib/model/scopes.js'
import { root, user } from '../kernels/judges/rooms/tracers.js'
import { refusals } from '../kernels/judges/rules.js'
import { type Target, targets } from '../kernels/judges/targets.js'

/** What such a rule looks at. */
interface Seen {
  readonly scope: Scope
  readonly isRoot: boolean
  /** /proc/PID belongs to this user: its effective uid is the same, dumpable or not (proc(5)). */
  readonly isOwn: boolean
  /** Its real uid is that of this user, which a socket tells (SCM_CREDENTIALS, unix(7)). */
  readonly isClient: boolean
  readonly isTraced: boolean
}

interface StaticRule {
  readonly id: string
  readonly source: string
  readonly date: string
}

/** Says before the attach whether it will work. */
export interface Prediction extends StaticRule {
  readonly says: (seen: Seen) => boolean
  /** Everywhere, if there is none. */
  readonly isFairAt?: (situation: Situation) => boolean
}

/** Says after a refusal why; null: it names no rule. */
export interface Blame extends StaticRule {
  readonly says: (seen: Seen) => CauseId | null
}

const yama = [null, 'yama-restricted', 'yama-admin-only', 'yama-no-attach'] as const

export const predictions: readonly Prediction[] = [
  {
    id: 'MIEngine',
    source: 'src/MICore/UnixUtilities.cs, GetRequiresRootAttach',
    date: '2026-11',
    // It asks for root where the scope is not 0. As root it asks for nothing.
    says: ({ scope, isRoot }) => isRoot || scope === 0,
  },
  {
    id: 'crashpad',
    source: 'handler/linux/exception_handler_server.cc, ChooseStrategy',
    date: '2026-11',
    // At scope 1 it attaches to clients that have named it.
    isFairAt: ({ scope, consents }) => scope !== 1 || consents,
    says: ({ scope, isRoot, isClient }) =>
      [isClient || isRoot, true, isRoot, false][scope] ?? false,
  },
]

export const blames: readonly Blame[] = [
  {
    id: 'delve',
    source: 'service/debugger/debugger_linux.go, attachErrorMessageLinux',
    date: '2026-11',
    says: ({ scope, isOwn, isTraced }) => {
      if (scope !== 0) return yama[scope]
      if (!isOwn) return 'owner'
      return isTraced ? 'already-traced' : null
    },
  },
  {
    id: 'LLDB',
    source: 'lldb/source/Plugins/Process/Linux/NativeProcessLinux.cpp, AddPtraceScopeNote',
    date: '2026-11',
    says: ({ scope }) => yama[scope],
  },
]

/** A debugger before a process: what a rule reads, and what is true. */
export interface Situation {
  readonly as: 'user' | 'root'
  readonly scope: Scope
  readonly target: string
  readonly consents: boolean
  readonly seen: Seen
  readonly isRefused: boolean
  /** The rule that refuses first, and the first that would if Yama did not; none where none does. */
  readonly causes: readonly CauseId[]
}

const tracers = { user, root } as const
export const users = ['user', 'root'] as const
const scopes = [0, 1, 2, 3] as const

/** The real and the effective uid. */
function uidsOf({ ids }: Target, uid: number): readonly [real: number, effective: number] {
  if (ids === 'one-of-them') return [1000, 1001]
  return ids === 'tracer' ? [uid, uid] : [ids, ids]
}

/** What the kernel's rules say of a target of the lane before a gdb of either user. */
export function situationOf(as: Situation['as'], scope: Scope, target: Target): Situation {
  const tracer = tracers[as]
  const [real, effective] = uidsOf(target, tracer.uid)
  const meeting = {
    ...{ tracer, target, scope },
    descends: false,
    ofRoom: true,
    requests: ['attach'],
  } as const
  // The first thread is attached to before another one.
  const refusing = [false, true].flatMap((everyThread) => refusals({ ...meeting, everyThread }))
  const causes = [refusing[0], refusing.find((each) => each !== yama[scope])]
  return {
    ...{ as, scope, target: target.id },
    consents: target.names !== 'nobody',
    seen: {
      scope,
      isRoot: as === 'root',
      isOwn: effective === tracer.uid,
      isClient: real === tracer.uid,
      isTraced: target.state === 'already-traced',
    },
    isRefused: refusing.length > 0,
    causes: causes.flatMap((each) => each ?? []),
  }
}

/**
 * Every target of the lane in which real debuggers judge. The lane holds these against what the
 * debuggers meet and what /proc shows there.
 */
export const situations: readonly Situation[] = users.flatMap((as) =>
  scopes.flatMap((scope) =>
    targets
      // An attach to it never returns.
      .filter(({ state }) => state !== 'executing')
      .map((target) => situationOf(as, scope, target)),
  ),
)

/** `wrong of all`, at each scope, for one user; `says`: the attach works. */
export function predictionErrors<S extends Situation>(
  all: readonly S[],
  as: Situation['as'],
  says: (situation: S) => boolean,
): string[] {
  return scopes.map((scope) => {
    const met = all.filter((each) => each.as === as && each.scope === scope)
    const wrong = met.filter((each) => says(each) === each.isRefused)
    return `${wrong.length} of ${met.length}`
  })
}

/** `wrong + silent of all refusals`, at each scope, for one user; `says`: null for no answer. */
export function blameErrors<S extends Situation>(
  all: readonly S[],
  as: Situation['as'],
  says: (situation: S) => string | null,
): string[] {
  return scopes.map((scope) => {
    const refused = all.filter((each) => each.as === as && each.scope === scope && each.isRefused)
    const said = refused.map((each) => ({ named: says(each), causes: each.causes }))
    const silent = said.filter(({ named }) => named === null)
    const wrong = said.filter(
      ({ named, causes }) => named !== null && !causes.some((each) => each === named),
    )
    return `${wrong.length} + ${silent.length} of ${refused.length}`
  })
}

/** The rows of both tables of the page, without those of `check`, which the lane alone can fill. */
export function rulesRows(all: readonly Situation[]): string[] {
  return users.flatMap((as) => [
    ...predictions.map(({ id, says, isFairAt }) => {
      const fair = all.filter((each) => isFairAt?.(each) ?? true)
      return rowOf(id, as, ...predictionErrors(fair, as, ({ seen }) => says(seen)))
    }),
    ...blames.map(({ id, says }) =>
      rowOf(id, as, ...blameErrors(all, as, ({ seen }) => says(seen))),
    ),
  ])
}

/** A line of a table in Markdown. */
export const rowOf = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`
