import { isObject, type Report } from '../model/index.js'
import { decidingConsent } from '../probe/index.js'
import { reasonFor } from './reason.js'
import { type CheckedRequirement, everyRequirement, idOf, shortId } from './requirement.js'

/** Under which circumstances answers are remembered, or looked up. */
export interface Moment {
  /** The version of this package, which words the reasons. */
  readonly version: string
  /** What has to be the same for the answers to be the same. */
  readonly fingerprint: string
  /** Milliseconds since 1970. */
  readonly time: number
}

/** A rule that cannot be seen, such as a BPF program that is loaded, is noticed after that time. */
const longestMs = 60 * 60 * 1000

/**
 * The answers of a report as text: which requirements are met, and why the others are not. What was
 * not clear is left out, and measured again.
 */
export function remember(report: Report, moment: Moment): string {
  const clear = everyRequirement().filter((requirement) => isClear(report, requirement))
  const reasons = Object.fromEntries(
    clear.map((each) => [shortId(each), reasonFor(report, each)] as const),
  )
  return `${JSON.stringify({ schemaVersion: 1, ...moment, reasons })}\n`
}

function isClear(report: Report, requirement: CheckedRequirement): boolean {
  const decides = idOf({
    ...requirement,
    consent: decidingConsent(report.scope, requirement.consent),
  })
  const status = report.observations.find(({ id }) => id === decides)?.status
  return status === 'allowed' || status === 'denied'
}

/** The remembered answer; undefined: there is none that holds now. */
export function recall(
  text: string,
  { version, fingerprint, time }: Moment,
  requirement: CheckedRequirement,
): string | null | undefined {
  const found = parsed(text)
  if (!isObject(found) || found['schemaVersion'] !== 1) return undefined
  if (found['version'] !== version || found['fingerprint'] !== fingerprint) return undefined
  const age = typeof found['time'] === 'number' ? time - found['time'] : -1
  if (age < 0 || age > longestMs) return undefined
  const { reasons } = found
  const reason = isObject(reasons) ? reasons[shortId(requirement)] : undefined
  return reason === null || typeof reason === 'string' ? reason : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
