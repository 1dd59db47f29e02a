import {
  holdsSysPtrace,
  methodRows,
  namedScope,
  namedTarget,
  type Observation,
  type Report,
  visible,
  yamaRefuses,
} from '../model/index.js'
import { decidingConsent } from '../probe/index.js'
import { type CheckedRequirement, idOf } from './requirement.js'

/** Why the machine of the report does not meet the requirement, as one clause; null: it does. */
export function reasonFor(report: Report, requirement: CheckedRequirement): string | null {
  const consent = decidingConsent(report.scope, requirement.consent)
  const decides = idOf({ ...requirement, consent })
  const observation = report.observations.find(({ id }) => id === decides)
  if (observation?.status === 'allowed') return null
  return `needs ${thing(requirement)}; ${observation ? outcome(observation, report) : 'not tried here'}`
}

/** The same when no report could be made. */
export function unmeasured(requirement: CheckedRequirement, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return `needs ${thing(requirement)}; could not be measured here: ${message.split('\n')[0]}`
}

function thing({ relation, consent, method }: CheckedRequirement): string {
  return `${methodRows[method].phrase} of ${namedTarget(relation, consent)}`
}

function outcome(observation: Observation, report: Report): string {
  const { status, step, syscall, errno, signal } = observation
  const answer = errno ?? signal ?? 'no error'
  if (status === 'denied') {
    const how = signal === null ? `refused here with ${answer}` : `ended here by ${signal}`
    return `${how}: ${rule(observation, report)}`
  }
  const failure = [syscall, errno ?? signal].filter(Boolean).join(': ') || (step ?? 'no answer')
  if (status === 'inconclusive')
    return `could not be measured here (${troubles[step ?? ''] ?? failure})`
  const { emulator } = report.host
  const under = emulator === null ? '' : ` under ${visible(emulator)}`
  return `not available here${under} (${failure})`
}

const troubles: Readonly<Record<string, string>> = {
  traced: 'this process is traced, and so is what it starts',
  deadline: 'out of time',
  'not-run': 'out of time',
}

/** The rule that refuses, as far as the report shows which one it is. */
function rule({ method, relation, consent, errno, syscall }: Observation, report: Report): string {
  const { controls, caller, scope, host } = report
  const filtered = methodRows[method].controls.every((name) =>
    controls.some(({ id, passes }) => id === name && passes === false),
  )
  if (filtered) {
    const filter =
      host.emulator !== null
        ? `${visible(host.emulator)} answers in the kernel's place`
        : caller.seccomp === 'filter'
          ? 'this process has a seccomp filter'
          : 'no filter is reported'
    return `${syscall ?? 'the call'} answers so before it looks at any process, and ${filter}`
  }
  if (syscall === 'ptrace' && errno === 'EACCES') {
    const label = caller.label === null ? '' : ` (label of this process: ${caller.label})`
    return `SELinux, AppArmor and Smack answer so, Yama never does${label}`
  }
  const { value, candidates, certainty } = scope.enforced
  const refusing = candidates.filter((candidate) =>
    yamaRefuses(candidate, {
      capable: holdsSysPtrace(caller.capSysPtrace),
      relation,
      consent,
      method,
    }),
  )
  if (refusing.length === 0 || refusing.length < candidates.length) {
    return 'which rule refuses is not known'
  }
  if (value === null) return `Yama's scope is ${refusing.join(' or ')}`
  const verb = certainty === 'proved' ? 'is' : 'seems to be'
  return `Yama's scope ${verb} ${namedScope(value)}`
}
