// A strict TypeScript project that uses everything which the package exports. It is compiled, never
// run: what must not compile says so.

import {
  type AttachOptions,
  type CauseId,
  canAttach,
  canAttachSync,
  type ErrorCode,
  type isSupported,
  type Observation,
  type ProbeOptions,
  PtraceProbeError,
  probe,
  probeSync,
  type Report,
  type Requirement,
  skipReason,
  survey,
  type Verdict,
} from 'ptrace-probe'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const proved = <T extends true>(): T | undefined => undefined

proved<Same<ReturnType<typeof probe>, Promise<Report>>>()
proved<Same<ReturnType<typeof probeSync>, Report>>()
proved<Same<ReturnType<typeof canAttach>, Promise<Verdict>>>()
proved<Same<ReturnType<typeof canAttachSync>, Verdict>>()
proved<Same<ReturnType<typeof isSupported>, boolean>>()
proved<Same<ReturnType<typeof skipReason>, string | false>>()
proved<Same<PtraceProbeError['code'], ErrorCode>>()
proved<Same<Report['schemaVersion'], 1>>()
proved<Same<Verdict['cause'], CauseId | null>>()

const options: ProbeOptions = { timeoutMs: 1000, identities: ['caller', 'user:nobody'] }
const tracer: AttachOptions = { tracer: { user: 'nobody' } }
const need: Requirement = { relation: 'sibling', consent: 'any', method: 'attach' }

export async function use(): Promise<string> {
  const { scope, observations } = await probe(options)
  const denied: readonly Observation[] = observations.filter(({ status }) => status === 'denied')
  for await (const verdict of survey({ tracer: 'stranger' })) {
    const cause: CauseId | null = verdict.cause
    if (cause === 'yama-restricted') return verdict.message
  }
  const value: 0 | 1 | 2 | 3 | null = scope.enforced.value
  const { message } = await canAttach(1, tracer)
  return `${skipReason(need)} ${skipReason('child')} ${value} ${denied.length} ${message}`
}

export function misuse(report: Report): void {
  // @ts-expect-error: no such tracer
  canAttachSync(1, { tracer: 'nobody' })
  // @ts-expect-error: a PID is a number
  canAttachSync('1')
  // @ts-expect-error: no such identity
  probeSync({ identities: ['root'] })
  // @ts-expect-error: no such relation
  skipReason('cousin')
  // @ts-expect-error: a report is not to be changed
  report.scope.enforced.value = 0
}

export const code = (error: unknown): ErrorCode | undefined =>
  error instanceof PtraceProbeError ? error.code : undefined
