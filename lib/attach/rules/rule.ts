import {
  type Cause,
  type CauseId,
  type Certainty,
  type Evidence,
  visible,
} from '../../model/index.js'
import type { Situation } from '../evidence.js'

/** Answers with a cause when the rule refuses this tracer this target. */
export type Rule = (situation: Situation) => Cause | null

/** What those of the rules say that refuse. */
export function refusals(rules: readonly Rule[], situation: Situation): Cause[] {
  return rules.map((rule) => rule(situation)).filter((cause) => cause !== null)
}

/** A cause from its parts. Names and labels of the target may be in the message. */
export function because(
  id: CauseId,
  certainty: Certainty,
  message: string,
  evidence: readonly Evidence[],
): Cause {
  return { id, certainty, message: visible(message), evidence }
}

/** Why a tracer that holds CAP_SYS_PTRACE is refused like one that does not. */
export const withheldWords =
  "the tracer holds that capability, but SELinux's policy does not let its context use it"
export const withheldEvidence: Evidence = {
  source: '/sys/fs/selinux/access capability sys_ptrace',
  result: 'denied',
}
