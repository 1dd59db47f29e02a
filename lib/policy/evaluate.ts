import {
  type Evaluation,
  invalidArgument,
  type KnownPolicy,
  type Policy,
  type PolicyId,
  type PolicyInput,
  type Report,
  type Scope,
  scopes,
} from '../model/index.js'
import { checkPolicy } from './check.js'
import { relationExpectations, scopeExpectations } from './compare.js'
import { expectationsOf } from './expectation.js'
import { disagreement, message } from './message.js'
import { isMistake, sentenceOf, shown } from './mistake.js'
import { type Observed, observed, own } from './observed.js'
import { remediesFor } from './remedies.js'
import { reportMistake } from './report.js'
import { policies } from './table.js'

/**
 * Whether the machine of a report meets a policy. Decided by what was observed, never by the value
 * of the sysctl alone; where the two disagree, the answer says so. Pure: nothing is measured.
 *
 * What holds for ordinary processes is asked of the identity `unprivileged` and of every
 * `user:NAME` of the report. A machine without Yama behaves as scope 0, unless another rule refuses.
 *
 * @param report - what {@link probe} found out
 * @param policy - one of the {@link policies} or its id, or one of your own
 * @returns the verdict with every expectation, and the attempts that decided it
 * @throws TypeError if the report is not an object (`ERR_INVALID_ARG_TYPE`), lacks what a report
 *   has, there is no such policy, or it cannot be read (`ERR_INVALID_ARG_VALUE`)
 *
 * @example
 * ```js
 * import { evaluate, probe } from 'ptrace-probe'
 *
 * const { met, message } = evaluate(await probe(), 'stig')
 * if (met === false) console.error(message)
 * ```
 */
export function evaluate(report: Report, policy: PolicyId | KnownPolicy | PolicyInput): Evaluation {
  checkReport(report)
  return judgePolicy(report, policyOf(policy))
}

/**
 * The same for a policy that has been checked already, wherever it came from.
 *
 * @internal
 */
export function judgePolicy(report: Report, asked: Policy): Evaluation {
  const seen = observed(report)
  const expectations = [
    ...(asked.scope === null ? [] : scopeExpectations(asked.scope, report, seen)),
    ...expectationsOf(asked.relations).flatMap((each) => relationExpectations(each, report, seen)),
  ]
  const met = all(expectations.map((each) => each.met))
  const { declared, enforced } = report.scope
  const value = {
    accepted: asked.scope,
    declared: declared.value,
    enforced: enforced.value,
    behavesAs: own(seen),
    declaredAccepted:
      declared.value === null || asked.scope === null ? null : asked.scope.includes(declared.value),
  }
  return {
    schemaVersion: 1,
    policy: asked,
    met,
    certainty: certaintyOf(met, report, seen),
    message: message(asked, met, expectations, report, seen),
    expectations,
    value,
    disagreement: disagreement(met, value, report),
    contradicts: contradicting(asked),
    acceptedBy: scopes.map((each) => ({ value: each, policies: accepting(each) })),
    remedies: met === true ? [] : remediesFor(report, [asked], met),
  }
}

function checkReport(report: unknown): void {
  const mistake = reportMistake(report)
  if (mistake === null) return
  const kind = mistake.path === '' ? 'type' : 'value'
  throw invalidArgument(kind, `The report cannot be read: ${sentenceOf(mistake)}`)
}

/**
 * The policy that a caller named or described.
 *
 * @internal
 */
export function policyOf(policy: unknown): Policy {
  if (typeof policy === 'string') {
    const found = policies.find(({ id }) => id === policy)
    if (found !== undefined) return found
    const known = policies.map(({ id }) => id).join(', ')
    throw invalidArgument('value', `No policy ${shown(policy)}: expected one of ${known}`)
  }
  const known = policies.find((each) => each === policy)
  if (known !== undefined) return known
  const checked = checkPolicy(policy, 'program')
  if (!isMistake(checked)) return checked
  throw invalidArgument('value', `The policy cannot be read: ${sentenceOf(checked)}`)
}

/** False wins over unknown: what fails, fails. */
function all(answers: readonly (boolean | null)[]): boolean | null {
  if (answers.includes(false)) return false
  return answers.includes(null) ? null : true
}

function certaintyOf(
  met: boolean | null,
  { scope, host }: Report,
  { otherRule }: Observed,
): Evaluation['certainty'] {
  if (met === null) return 'undetermined'
  const { name, candidates, certainty } = scope.enforced
  const contradictory = name === 'undetermined' && candidates.length === 0
  const doubtful = otherRule || contradictory || host.emulator !== null || certainty === 'inferred'
  return doubtful ? 'inferred' : 'proved'
}

/** Pairs of policies in the table that no value satisfies together. */
function contradicting({ id, scope }: Policy): Evaluation['contradicts'] {
  if (scope === null) return []
  return policies
    .filter((other) => other.id !== id && !other.scope.some((value) => scope.includes(value)))
    .map((other) => ({ id: other.id, scope: other.scope }))
}

function accepting(value: Scope): PolicyId[] {
  return policies.filter(({ scope }) => scope.includes(value)).map(({ id }) => id)
}
