import type { Report, SettingsReport, Verdict } from '../../../lib/model/index.js'

/** What a program printed, and how it ended. */
export interface Ended {
  readonly status: number | null
  readonly printed: string
}

/** What an ordinary user meets after a step. */
export interface Look {
  readonly step: string
  /** How the step itself ended. */
  readonly ended: Ended
  /** What the kernel's file says. */
  readonly value: string
  /** eu-stack on a process that the same user has started elsewhere. */
  readonly stranger: Ended
  /** eu-stack on the shell that starts it, as Fedora's instructions have it. */
  readonly shell: Ended
  readonly report: Pick<Report, 'scope'>
  readonly check: Pick<Verdict, 'verdict' | 'cause' | 'tracer'>
  readonly settings: Pick<SettingsReport, 'persistent' | 'afterReboot' | 'drift' | 'problems'>
}

/** What the command printed with --watch until SIGINT, line by line. */
export interface Watched {
  readonly printed: readonly string[]
  readonly status: number | null
}

export interface FedoraResults {
  readonly looks: readonly Look[]
  /** From the second step on. */
  readonly watched: Readonly<Record<'report' | 'check', Watched>>
}
