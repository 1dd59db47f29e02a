import type { Evaluation } from './policy.js'
import type { Report } from './report.js'
import type { SettingsReport } from './settings.js'
import type { Text, Time } from './shapes.js'

/** Everything about one host at one time, for those who compare hosts: the answer of {@link collect}. */
export interface Envelope {
  /** Changes when a program that reads the envelope has to change. */
  readonly schemaVersion: 1
  /** The name of the host, as uname(2) gives it. */
  readonly host: Text
  /** When it was collected, ISO 8601 in UTC. */
  readonly collected: Time
  /** What the host enforces, found out by trying. */
  readonly report: Report
  /** What is configured there, and what a reboot makes of it. */
  readonly settings: SettingsReport
  /** Whether the host meets the policies that were asked about, in their order. */
  readonly asserts: readonly Evaluation[]
}
