import {
  type Method,
  naming,
  type Observation,
  type Report,
  scopeNames,
  targets,
  yamaRefuses,
} from '../model/index.js'
import { type CheckedRequirement, idOf } from './requirement.js'

/** Why the machine of the report does not meet the requirement, as one clause; null: it does. */
export function reasonFor(report: Report, requirement: CheckedRequirement): string | null {
  const observation = report.observations.find(({ id }) => id === idOf(requirement))
  if (observation?.status === 'allowed') return null
  return `needs ${thing(requirement)}; ${observation ? outcome(observation, report) : 'not tried here'}`
}

/** The same when no report could be made. */
export function unmeasured(requirement: CheckedRequirement, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return `needs ${thing(requirement)}; could not be measured here: ${message.split('\n')[0]}`
}

const access: Readonly<Record<Method, (target: string) => string>> = {
  attach: (target) => `ptrace of ${target}`,
  seize: (target) => `ptrace (PTRACE_SEIZE) of ${target}`,
  traceme: (target) => `ptrace (PTRACE_TRACEME) of ${target}`,
  'vm-read': (target) => `process_vm_readv of ${target}`,
  'proc-mem': (target) => `/proc/PID/mem of ${target}`,
  'pidfd-getfd': (target) => `pidfd_getfd of ${target}`,
}

function thing({ relation, consent, method }: CheckedRequirement): string {
  return access[method](targets[relation] + naming[consent])
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
  const noYama = step === 'consent' && report.scope.enforced.name === 'no-yama'
  return `not available here (${failure})${noYama ? ': this kernel runs without Yama' : ''}`
}

const troubles: Readonly<Record<string, string>> = {
  traced: 'this process is traced, and so is what it starts',
  deadline: 'out of time',
  'not-run': 'out of time',
}

/** If all these controls fail, the call was refused before the kernel looked at any target. */
const controlsOf: Readonly<Record<Method, readonly string[]>> = {
  attach: ['attach'],
  seize: ['seize'],
  traceme: ['attach', 'seize'],
  'vm-read': ['vm-read'],
  'proc-mem': ['proc-mem'],
  'pidfd-getfd': ['pidfd-getfd'],
}

/** The rule that refuses, as far as the report shows which one it is. */
function rule({ method, relation, consent, errno, syscall }: Observation, report: Report): string {
  const { controls, caller, scope } = report
  const filtered = controlsOf[method].every((name) =>
    controls.some(({ id, passes }) => id === `control/${name}` && passes === false),
  )
  if (filtered) {
    const filter =
      caller.seccomp === 'filter' ? 'this process has a seccomp filter' : 'no filter is reported'
    return `${syscall ?? 'the call'} answers so before it looks at any process, and ${filter}`
  }
  if (syscall === 'ptrace' && errno === 'EACCES') {
    const label = caller.label === null ? '' : ` (label of this process: ${caller.label})`
    return `SELinux, AppArmor and Smack answer so, Yama never does${label}`
  }
  const { value, candidates, certainty } = scope.enforced
  const refusing = candidates.filter((candidate) =>
    yamaRefuses(candidate, {
      capable: caller.capSysPtrace.effective,
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
  return `Yama's scope ${verb} ${value} (${scopeNames[value]})`
}
