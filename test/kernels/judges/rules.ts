import { type CauseId, causes } from '../../../lib/model/causes.js'
import type { Scope } from '../../../lib/model/scopes.js'
import type { Request, Tracer } from './room.js'
import type { Target } from './targets.js'

export interface Meeting {
  readonly tracer: Tracer
  readonly target: Target
  readonly scope: Scope
  /** The tracer is the target's parent, and not a sibling or a stranger. */
  readonly descends: boolean
  /** The tracer is the Node of the room, or descends from it. */
  readonly ofRoom: boolean
  /** Of these requests the tracer uses the first that no filter refuses. */
  readonly requests: readonly Request[]
  /** It attaches to every thread of the target, and not to the first alone. */
  readonly everyThread: boolean
}

type Pair = Pick<Meeting, 'tracer' | 'target'>

/** CAP_SYS_PTRACE over the user namespace of the target's credentials (user_namespaces(7)). */
function capable({ tracer, target }: Pair): boolean {
  if (tracer.namespace === 'initial') {
    // The creator of a namespace has every capability over it.
    const owns = target.namespace === (tracer.uid === 0 ? 'of-root' : 'of-user')
    return tracer.capable || owns
  }
  return tracer.capable && target.namespace === 'tracer'
}

/** The same over the namespace in which it was executed: those that made one have not since. */
function capableOverMemory(pair: Pair): boolean {
  return pair.tracer.namespace === 'initial' ? pair.tracer.capable : capable(pair)
}

function sameNamespace({ tracer, target }: Pair): boolean {
  return target.namespace === 'tracer' || target.namespace === tracer.namespace
}

function holdsMore({ tracer, target }: Pair): boolean {
  switch (target.permitted) {
    case 'all':
      return tracer.permitted !== 'all'
    case 'one':
      return tracer.permitted === 'none'
    default:
      return false
  }
}

/** Who is named may attach, and so may its descendants. */
function isNamed({ target, ofRoom }: Meeting): boolean {
  return target.names === 'any' || (target.names === 'room' && ofRoom)
}

const scopes = {
  0: () => false,
  1: (meeting) => !meeting.descends && !isNamed(meeting) && !capable(meeting),
  2: (meeting) => !capable(meeting),
  3: () => true,
} as const satisfies Record<Scope, (meeting: Meeting) => boolean>

const yamaCauses = [null, 'yama-restricted', 'yama-admin-only', 'yama-no-attach'] as const

/** Who refuses, if it is asked: ptrace(2), "Ptrace access mode checking", and the modules' documents. */
const rules: Partial<Record<CauseId, (meeting: Meeting) => boolean>> = {
  seccomp: ({ tracer, requests }) =>
    tracer.confined === 'seccomp' || requests.every((each) => tracer.filtered.includes(each)),
  owner: (meeting) => {
    const { ids, thread } = meeting.target
    const isOther = ids !== 'tracer' && ids !== meeting.tracer.uid
    return (isOther || (thread === 'of-other-user' && meeting.everyThread)) && !capable(meeting)
  },
  'not-dumpable': (meeting) => !meeting.target.dumpable && !capableOverMemory(meeting),
  capabilities: (meeting) => sameNamespace(meeting) && holdsMore(meeting) && !capable(meeting),
  'user-namespace': (meeting) => !sameNamespace(meeting) && !capable(meeting),
  // Its own children are in the tracer's domain.
  landlock: ({ tracer, target }) => tracer.confined === 'landlock' && target.ids !== 'tracer',
  selinux: ({ tracer }) => tracer.confined === 'selinux',
  apparmor: ({ tracer }) => tracer.confined === 'apparmor',
  'kernel-thread': ({ target }) => target.state === 'kernel-thread',
  zombie: ({ target }) => target.state === 'zombie',
  'already-traced': ({ target, everyThread }) =>
    target.state === 'already-traced' || (target.thread === 'traced' && everyThread),
}

/** A process that the tracer's PID namespace does not have is not asked about. */
function isAbsent({ tracer, target }: Meeting): boolean {
  return tracer.alone && target.ids !== 'tracer'
}

/** Every rule that refuses this tracer this target, in the order in which the kernel asks. */
export function refusals(meeting: Meeting): CauseId[] {
  if (isAbsent(meeting)) return ['no-such-process']
  const yama = scopes[meeting.scope](meeting) ? yamaCauses[meeting.scope] : null
  return causes.filter((id) => id === yama || rules[id]?.(meeting) === true)
}
