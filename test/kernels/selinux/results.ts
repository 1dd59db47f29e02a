import type { Report, SettingsReport, Verdict } from '../../../lib/model/index.js'

/** What was said and done under one value of the boolean deny_ptrace. */
export interface UnderBoolean {
  /** What set it, and how that ended. */
  readonly did: string
  readonly status: number | null
  readonly stderr: string
  /** The kernel's file. */
  readonly shown: string
  /** What `check` says as root and as uid 1000. */
  readonly verdicts: Readonly<Record<string, Verdict>>
  /** Which debuggers attached, such as "strace as root". */
  readonly attached: Readonly<Record<string, boolean>>
  readonly report: Report
  readonly settings: SettingsReport
}

export interface SelinuxResults {
  readonly found: readonly UnderBoolean[]
  /** How `setsebool -P` ended, without a store of the policy. */
  readonly kept: { readonly status: number | null; readonly stderr: string }
}
