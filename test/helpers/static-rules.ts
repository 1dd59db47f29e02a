/**
 * What other programs conclude without asking the kernel, as tables. Each was read in its source, at
 * the date that is given; no code is theirs.
 */
import type { CauseId } from '../../lib/model/causes.js'
import type { Scope } from '../../lib/model/scopes.js'
import { root, user } from '../kernels/judges/rooms/tracers.js'
import { type Meeting, refusals } from '../kernels/judges/rules.js'
import { targets } from '../kernels/judges/targets.js'

/** What such a rule looks at. */
interface Seen {
  readonly scope: Scope
  readonly isRoot: boolean
  /** The owner of /proc/PID is this user. */
  readonly isOwn: boolean
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
    // At scope 1 it attaches to clients that have named it: see `consents`.
    says: ({ scope, isRoot, isOwn }) => [isOwn || isRoot, true, isRoot, false][scope] ?? false,
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

/** A debugger before a process, and every rule that refuses it, in the kernel's order. */
export interface Situation {
  readonly as: 'user' | 'root'
  readonly scope: Scope
  readonly target: string
  readonly consents: boolean
  readonly seen: Seen
  readonly refusing: readonly CauseId[]
}

/**
 * Every target of the lane in which real debuggers judge, before a gdb of either user. The lane holds
 * these refusals against what the debuggers really meet.
 */
export const situations: readonly Situation[] = (['user', 'root'] as const).flatMap((as) =>
  ([0, 1, 2, 3] as const).flatMap((scope) =>
    targets
      // An attach to it never returns.
      .filter(({ state }) => state !== 'executing')
      .map((target) => {
        const tracer = as === 'root' ? root : user
        const meeting: Meeting = {
          ...{ tracer, target, scope },
          descends: false,
          ofRoom: true,
          requests: ['attach'],
          everyThread: true,
        }
        return {
          ...{ as, scope, target: target.id },
          consents: target.names !== 'nobody',
          seen: {
            scope,
            isRoot: as === 'root',
            // The files of a process that is not dumpable belong to root (proc(5)).
            isOwn:
              target.ids === 'tracer' ||
              (target.dumpable && target.ids === tracer.uid) ||
              (!target.dumpable && tracer.uid === 0),
            isTraced: target.state === 'already-traced',
          },
          refusing: refusals(meeting),
        }
      }),
  ),
)

/** `wrong of all`, at each scope, for one user. */
export function predictionErrors(rule: Prediction, as: Situation['as']): string[] {
  return ([0, 1, 2, 3] as const).map((scope) => {
    const met = situations.filter((each) => each.as === as && each.scope === scope)
    const fair = met.filter(({ consents }) => rule.id !== 'crashpad' || scope !== 1 || consents)
    const wrong = fair.filter(({ seen, refusing }) => rule.says(seen) !== (refusing.length === 0))
    return `${wrong.length} of ${fair.length}`
  })
}

/** `wrong + silent of all refusals`, at each scope, for one user. */
export function blameErrors(rule: Blame, as: Situation['as']): string[] {
  return ([0, 1, 2, 3] as const).map((scope) => {
    const refused = situations.filter(
      (each) => each.as === as && each.scope === scope && each.refusing.length > 0,
    )
    const said = refused.map(({ seen, refusing }) => ({ named: rule.says(seen), refusing }))
    const silent = said.filter(({ named }) => named === null)
    const wrong = said.filter(({ named, refusing }) => named !== null && named !== refusing[0])
    return `${wrong.length} + ${silent.length} of ${refused.length}`
  })
}
