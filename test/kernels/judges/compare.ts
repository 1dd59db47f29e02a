import type { CauseId } from '../../../lib/model/causes.js'
import type { Cell, Sitting } from './results.js'
import type { Room } from './room.js'
import { user } from './rooms/tracers.js'
import { type Meeting, refusals } from './rules.js'
import { targets } from './targets.js'

/** What cannot be seen from outside, so that the library may leave it out or cannot rule it out. */
interface Blind {
  readonly where: (meeting: Meeting, refusing: readonly CauseId[]) => boolean
  /** These may be left out though they refuse. */
  readonly hidden?: readonly CauseId[]
  /** These may be inferred, never first, though they do not refuse. */
  readonly shown?: readonly CauseId[]
  /** Another one of those that refuse may be named first. */
  readonly anyOrder?: true
  /** Whether anybody refuses cannot be told. */
  readonly unknown?: true
  readonly reason: string
}

const credentials = ['owner', 'not-dumpable', 'capabilities', 'user-namespace'] as const
const yama = ['yama-restricted', 'yama-admin-only', 'yama-no-attach'] as const
const modules = ['landlock', 'selinux', 'apparmor'] as const

const isModular = ({ tracer: { confined } }: Meeting) =>
  confined === 'landlock' || confined === 'apparmor' || confined === 'selinux'

export const blinds: readonly Blind[] = [
  {
    reason: 'of what /proc hides, only that access is refused is told',
    where: ({ tracer }, refusing) =>
      tracer.proc === 'readable' &&
      [...credentials, 'landlock' as const].some((id) => refusing.includes(id)),
    hidden: [...credentials, ...yama, ...modules, 'kernel-thread', 'zombie', 'already-traced'],
  },
  {
    reason: 'of what has ended, only that it has ended is told',
    where: ({ target }) => target.state === 'zombie',
    hidden: [...credentials, ...yama, ...modules],
  },
  {
    reason: 'where a filter leaves only calls that ask for memory, the kernel has none to ask for',
    where: ({ tracer, target }) =>
      tracer.confined === 'seccomp' && target.state === 'kernel-thread',
    hidden: [...credentials, ...yama, ...modules],
  },
  {
    reason: 'where only a file can be asked, its refusal may be one of a module about files',
    where: ({ tracer: { asksFile, confined } }, refusing) =>
      asksFile && (confined === 'seccomp' || !credentials.some((id) => refusing.includes(id))),
    hidden: [...credentials, ...yama],
    unknown: true,
  },
  {
    reason: 'where READ is refused, namespaces with equal maps look alike',
    where: ({ target }) => target.id === 'namespace-of-root-alike',
    hidden: ['user-namespace', ...yama],
  },
  {
    reason: 'who made a namespace is not shown, so that it or a module may be what refuses',
    where: (meeting) =>
      (isModular(meeting) || meeting.tracer.confined === 'lenient') &&
      !meeting.tracer.capable &&
      meeting.target.namespace.startsWith('of-'),
    hidden: [...credentials, ...yama, ...modules],
  },
  {
    reason: 'nor is it shown whether a namespace that looks like an own one is',
    where: ({ tracer, target }) =>
      tracer.namespace === 'own' && target.id === 'namespace-of-user-not-dumpable',
    hidden: ['user-namespace', ...yama],
  },
  {
    reason: 'for a process in a namespace, root and other users have the same overflow id',
    where: ({ tracer, target }) => tracer.namespace === 'own' && target.id === 'other-not-dumpable',
    hidden: ['not-dumpable'],
  },
  {
    reason: 'what credentials refuse is no sign of a module',
    where: (meeting, refusing) =>
      isModular(meeting) && credentials.some((id) => refusing.includes(id)),
    hidden: ['landlock', 'apparmor'],
  },
  {
    reason: 'a name given with PR_SET_PTRACER is not shown, and where others refuse, not tried',
    where: ({ target, scope, descends }, refusing) =>
      scope === 1 && (target.names !== 'nobody' || descends) && refusing.length > 0,
    shown: ['yama-restricted'],
  },
  {
    reason: 'whether a program puts into effect what its file only permits it is not shown',
    where: ({ tracer }) => tracer.mayRaise,
    hidden: [...credentials, ...yama],
    unknown: true,
  },
  {
    reason: 'what refuses the first thread is named before what refuses another one',
    where: ({ target, everyThread }) => target.thread !== null && everyThread,
    anyOrder: true,
  },
  {
    reason: 'what refuses READ as well, or says that it refuses, is blamed before Yama',
    where: ({ tracer: { confined }, scope }) =>
      (confined === 'apparmor' || confined === 'selinux') && scope === 1,
    anyOrder: true,
  },
]

/** What is wrong with one cell, in words; nothing when all is well. */
export function complaints(room: Room, scope: Sitting['scope'], cell: Cell): string[] {
  const target = targets.find(({ id }) => id === cell.target)
  if (target === undefined) return [`nothing is known of the target ${cell.target}`]
  const gains = cell.tracer === 'self' ? {} : room.sittings[cell.trials]?.gains
  const meeting: Meeting = {
    tracer: cell.tracer === 'user' ? user : { ...room.tracer, ...gains },
    requests: cell.requests,
    everyThread: cell.everyThread,
    target,
    scope,
    descends: cell.tracer === 'self' && target.ids === 'tracer',
    ofRoom: cell.tracer === 'self' || cell.tracer === 'child',
  }
  const refusing = refusals(meeting)
  const { foretold, outcome, said } = cell
  const lines: string[] = []
  // Where /proc shows nothing of a process, it might be one that no process can attach to.
  const granted = room.tracer.proc === 'foreign' ? 'undetermined' : 'allowed'
  const unknown = blinds.some((row) => row.unknown === true && row.where(meeting, refusing))
  const refused = unknown && foretold.verdict === 'undetermined' ? 'undetermined' : 'denied'
  if (outcome === 'waits') return target.state === 'executing' ? notPromised(foretold) : [said]
  if (outcome === 'unclear') lines.push(`what it did cannot be told: ${said}`)
  else if (foretold.verdict !== (outcome === 'attached' ? granted : refused)) {
    lines.push(`foretold was ${foretold.verdict}, but it was ${outcome}: ${said}`)
  }
  if ((refusing.length === 0) !== (outcome === 'attached')) {
    const rules = refusing.length === 0 ? 'nothing' : spell(refusing)
    lines.push(`by the kernel's rules ${rules} refuses, but it was ${outcome}: ${said}`)
  }
  return [...lines, ...wrongBlames(meeting, refusing, foretold)]
}

/** An attach that does not return must not have been promised. */
function notPromised({ verdict }: Cell['foretold']): string[] {
  return verdict === 'allowed' ? ['foretold was allowed, but the attach did not return'] : []
}

function wrongBlames(
  meeting: Meeting,
  refusing: readonly CauseId[],
  foretold: Cell['foretold'],
): string[] {
  const { cause, causes, message } = foretold
  const blind = blinds.filter(({ where }) => where(meeting, refusing))
  const hidden = new Set(blind.flatMap(({ hidden = [] }) => hidden))
  const shown = new Set(blind.flatMap(({ shown = [] }) => shown))
  const blamed = causes.map(({ id }) => id)
  const missing = refusing.filter((id) => !blamed.includes(id) && !hidden.has(id))
  const wrong = causes.filter(
    ({ id, certainty }, i) =>
      !refusing.includes(id) && !(shown.has(id) && certainty === 'inferred' && i > 0),
  )
  const lines: string[] = []
  if (missing.length > 0) lines.push(`${spell(missing)} refuses too, but is not named: ${message}`)
  if (wrong.length > 0) {
    lines.push(`${spell(wrong.map(({ id }) => id))} is blamed, but does not refuse: ${message}`)
  }
  const visible = refusing.filter((id) => blamed.includes(id))
  const unnamed = refusing.length > 0 || foretold.verdict === 'undetermined'
  const first = visible[0] ?? (unnamed ? 'undetermined' : null)
  const anyOrder = blind.some((row) => row.anyOrder === true)
  if (cause !== first && !(anyOrder && refusing.some((id) => id === cause))) {
    lines.push(`${cause} is blamed first, not ${first}: ${message}`)
  }
  return lines
}

function spell(ids: readonly CauseId[]): string {
  return ids.join(' and ')
}
