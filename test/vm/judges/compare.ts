import type { CauseId } from '../../../lib/vocabulary.js'
import type { Cell, Sitting } from './results.js'
import type { Room } from './room.js'
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
  readonly reason: string
}

const credentials = ['owner', 'not-dumpable', 'capabilities', 'user-namespace'] as const
const yama = ['yama-restricted', 'yama-admin-only', 'yama-no-attach'] as const
const modules = ['landlock', 'apparmor'] as const

const isModular = ({ tracer: { confined } }: Meeting) =>
  confined === 'landlock' || confined === 'apparmor'

export const blinds: readonly Blind[] = [
  {
    reason: 'of what has ended, only that it has ended is told',
    where: ({ target }) => target.state === 'zombie',
    hidden: [...credentials, ...yama, ...modules],
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
    reason: 'for a process in a namespace, root and other users are one nobody',
    where: ({ tracer, target }) => tracer.namespace === 'own' && target.id === 'other-not-dumpable',
    hidden: ['not-dumpable'],
  },
  {
    reason: 'what credentials refuse is no sign of a module',
    where: (meeting, refusing) =>
      isModular(meeting) && credentials.some((id) => refusing.includes(id)),
    hidden: modules,
  },
  {
    reason: 'a name given with PR_SET_PTRACER is not shown, and where others refuse, not tried',
    where: ({ target, scope, descends }, refusing) =>
      scope === 1 && (target.names !== 'nobody' || descends) && refusing.length > 0,
    shown: ['yama-restricted'],
  },
  {
    reason: 'what refuses READ as well is not Yama, which may not have been asked',
    where: ({ tracer, scope }) => tracer.confined === 'apparmor' && scope === 1,
    anyOrder: true,
  },
]

/** What is wrong with one cell, in words; nothing when all is well. */
export function complaints(room: Room, scope: Sitting['scope'], cell: Cell): string[] {
  const target = targets.find(({ id }) => id === cell.target)
  if (target === undefined) return [`nothing is known of the target ${cell.target}`]
  const descends = cell.tracer === 'self' && target.ids === 'tracer'
  const meeting: Meeting = { tracer: room.tracer, target, scope, descends }
  const refusing = refusals(meeting)
  const { foretold, outcome, said } = cell
  const lines: string[] = []
  if (outcome === 'unclear') lines.push(`what it did cannot be told: ${said}`)
  else if (foretold.verdict !== (outcome === 'attached' ? 'allowed' : 'denied')) {
    lines.push(`foretold was ${foretold.verdict}, but it was ${outcome}: ${said}`)
  }
  if ((refusing.length === 0) !== (outcome === 'attached')) {
    lines.push(`by the kernel's rules ${spell(refusing)} refuses, but it was ${outcome}: ${said}`)
  }
  return [...lines, ...wrongBlames(meeting, refusing, foretold)]
}

function wrongBlames(
  meeting: Meeting,
  refusing: readonly CauseId[],
  { cause, causes, message }: Cell['foretold'],
): string[] {
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
  const first = visible[0] ?? (refusing.length > 0 ? 'undetermined' : null)
  const anyOrder = blind.some((row) => row.anyOrder === true)
  if (cause !== first && !(anyOrder && refusing.some((id) => id === cause))) {
    lines.push(`${cause} is blamed first, not ${first}: ${message}`)
  }
  return lines
}

function spell(ids: readonly CauseId[]): string {
  return ids.length === 0 ? 'nobody' : ids.join(' and ')
}
