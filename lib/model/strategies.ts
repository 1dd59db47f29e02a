import type { Identity, ObservationId } from './vocabulary.js'

/** THE table of ways in which a crash handler gets at the program that crashed, the simplest first. */
export const strategyRows = {
  direct: 'the handler attaches to the program',
  consent: 'the program names the handler with PR_SET_PTRACER, then the handler attaches',
  broker:
    'the program forks a broker, which attaches for the handler; with Yama the program names it with PR_SET_PTRACER',
  none: 'no handler may attach; the kernel can still write a core (core(5))',
  undetermined: 'the attempts do not tell',
} as const

/** A way in which a crash handler gets at the program that crashed. */
export type Strategy = keyof typeof strategyRows

/** Which strategy the attempts recommend to a crash handler. */
export interface CrashHandling {
  /** As whom the handler runs. */
  readonly identity: Identity
  /** For a program of the same user. */
  readonly sameUser: Strategy
  /**
   * For a program of another user; null for a handler with CAP_SYS_PTRACE, which was not tried on
   * another user's process.
   */
  readonly otherUser: Strategy | null
  /**
   * Ids of the observations that decided.
   *
   * @uniqueItems true
   */
  readonly evidence: readonly ObservationId[]
}
