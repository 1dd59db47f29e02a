import {
  type CallerFacts,
  holdsSysPtrace,
  type Identity,
  methodRows,
  type Observation,
  type Report,
  type ToolEffect,
  type ToolPrivileges,
  yamaRefuses,
} from '../model/index.js'
import { type Judgement, judgeUse, type UseName, uses } from '../probe/index.js'

/** What of a report the effects are derived from. The declared scope is not looked at. */
export type Seen = Pick<Report, 'observations' | 'controls' | 'scope' | 'caller'>

/** What the file of a tool changes for every user that starts it. */
type Gain = 'nothing' | 'CAP_SYS_PTRACE' | 'unknown'

/** What comes of one use of a tool, for everybody as whom was measured. */
export function effectsOf(
  name: UseName | null,
  privileges: ToolPrivileges | null,
  seen: Seen,
): ToolEffect[] {
  if (name === null) return []
  const gain = gainOf(privileges, seen.caller)
  return identitiesOf(seen).flatMap((identity) => effectFor(name, identity, gain, seen) ?? [])
}

/** The owner of a user namespace is the unprivileged tracer with a target of its own. */
function identitiesOf({ observations }: Seen): Identity[] {
  const all = new Set(observations.map(({ identity }) => identity))
  return [...all].filter((identity) => identity !== 'owner')
}

function gainOf(privileges: ToolPrivileges | null, caller: CallerFacts): Gain {
  if (privileges === null || privileges.ignored !== null) return 'nothing'
  const { setUid, capabilities, effective } = privileges
  const gains = setUid === 0 || (capabilities.includes('CAP_SYS_PTRACE') && effective)
  const everything = caller.userNamespace === 'initial' && caller.capSysPtrace.bounding
  if (gains && everything) return 'CAP_SYS_PTRACE'
  return setUid === null && !capabilities.includes('CAP_SYS_PTRACE') ? 'nothing' : 'unknown'
}

function effectFor(name: UseName, identity: Identity, gain: Gain, seen: Seen): ToolEffect | null {
  const use = uses[name]
  const own = judgeUse(use, cellsOf(identity, seen))
  if (own === null) return null
  const effect = ({ outcome, observations }: Judgement, prefix = ''): ToolEffect => ({
    does: use.does,
    identity,
    outcome,
    message: prefix + sentence(outcome, observations, seen),
    evidence: observations.map(({ id }) => id),
  })
  // A capability more has never refused anything (ptrace(2), "Ptrace access mode checking").
  if (gain === 'nothing' || own.outcome === 'works') return effect(own)
  const capable = gain === 'CAP_SYS_PTRACE' && holdsSysPtrace(seen.caller.capSysPtrace)
  const privileged = capable ? judgeUse(use, cellsOf('caller', seen)) : null
  if (privileged !== null) return effect(privileged, 'Its file gives it CAP_SYS_PTRACE. ')
  return {
    ...effect({ outcome: 'undetermined', observations: [] }),
    message: `Its file may give it more than this process has to try with, such as CAP_SYS_PTRACE.`,
  }
}

function cellsOf(identity: Identity, { observations }: Seen): ReadonlyMap<string, Observation> {
  return new Map(
    observations
      .filter((observation) => observation.identity === identity)
      .map((observation) => [observation.id.slice(identity.length + 1), observation]),
  )
}

/** Why a use has its outcome. */
function sentence(
  outcome: ToolEffect['outcome'],
  observations: readonly Observation[],
  seen: Seen,
): string {
  if (outcome === 'works') return 'Every attempt that stands for it was allowed.'
  const denied = observations.filter(({ status }) => status === 'denied')
  if (denied.length === 0) return 'The attempts that stand for it came to no result.'
  const reasons = [...new Set(denied.map((observation) => reason(observation, seen)))]
  const part = outcome === 'partly' ? 'Some of the attempts were allowed. ' : ''
  return part + reasons.join(' ')
}

/** What refused one attempt, as far as the contrasts of the report show. */
function reason(observation: Observation, { controls, scope, caller }: Seen): string {
  const { identity, method, syscall, errno, signal, relation } = observation
  const answer = `${syscall ?? method} answered ${errno ?? signal ?? 'an error'}`
  const filtered = methodRows[method].controls.every((name) =>
    controls.some(({ id, passes }) => id === name && passes === false),
  )
  if (filtered) {
    return `${answer} before any process was looked at.`
  }
  if (errno === 'EACCES' && syscall === 'ptrace') {
    return `${answer}, as a security module does.`
  }
  const { candidates, certainty } = scope.enforced
  const capable = identity === 'caller' && holdsSysPtrace(caller.capSysPtrace)
  const explained =
    candidates.length > 0 &&
    candidates.every((scope) => yamaRefuses(scope, { ...observation, capable }))
  if (!explained) return `${answer} for a ${relation}; which rule refuses is not known.`
  const rule = `${rules[candidates.join()] ?? 'Yama refuses it'} (scope ${candidates.join(' or ')}`
  return `${rule}${certainty === 'proved' ? '' : `, ${certainty}`}).`
}

const rules: Readonly<Record<string, string>> = {
  '1': 'Yama lets a process attach only to its descendants and to those that named it',
  '2': 'Yama asks the tracer for CAP_SYS_PTRACE',
  '3': 'Yama lets no process attach until the next boot',
  '2,3': 'Yama asks the tracer for CAP_SYS_PTRACE, or lets no process attach',
}
