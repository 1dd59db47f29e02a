/** Reports and policies that are given to evaluate(). */

import { join } from 'node:path'
import fc from 'fast-check'
import type { Evaluation } from '../../../lib/model/index.js'
import { evaluate, policies, readPolicyFile } from '../../../lib/policy/index.js'
import { report } from '../../helpers/report.js'
import { anything, mutated, mutatedValue, Thrown } from '../mutation.js'
import { isCoded, type Property, property, require, requireVisible } from '../property.js'
import { machineOf } from '../tree.js'

const reports = [
  report({}),
  report({ yama: 0 }),
  report({ yama: 1 }),
  report({ yama: 2, capable: true }),
  report({ yama: 3 }),
  report({ yama: null }),
]
const words = [
  ...['allowed', 'denied', 'inconclusive', 'unavailable', 'proved', 'user:x', 'user:', 'owner'],
  ...['caller/child/attach', 'unprivileged/sibling+any/seize', 'try', 'constructor', '__proto__'],
  ...[0, 1, 2, 3, null, true, false, '\x1b[31m', 'selinux', 'podman', []],
]
const known = policies.map(({ id }) => id)
const ownPolicies = [
  { id: 'own', scope: '>=1' },
  { id: 'own', scope: [1, 2], title: 'One', source: 'https://example.org', date: '2026-01' },
  { id: 'own', relations: ['sibling=denied', 'child=allowed', 'capable/child=allowed'] },
]
const policyWords = ['>=1', '==2', '1,2', 'sibling=denied', 'child=allowed', '\u2028', 4, -1, '9']

function judged(given: unknown, policy: unknown): void {
  try {
    const answer: Evaluation = Reflect.apply(evaluate, undefined, [given, policy])
    const { met, message, expectations } = answer
    require([true, false, null].includes(met), () => `met is ${met}`)
    require(expectations.length > 0, () => 'there are no expectations')
    requireVisible(message, 'the message')
  } catch (error) {
    if (error instanceof Thrown) return
    require(isCoded(error), () => (error instanceof Error ? `${error.stack}` : String(error)))
    if (error instanceof Error) requireVisible(error.message, 'the error')
  }
}

/** Of reports and policies. */
export const evaluationProperties: readonly Property[] = [
  property(
    'a report that is not right is judged or refused, whatever is wrong with it',
    fc.tuple(mutatedValue(reports, words), fc.constantFrom(...known)),
    ([given, policy]) => judged(given, policy),
  ),
  property(
    'a policy that is not right is refused, whatever is wrong with it',
    fc.tuple(
      fc.constantFrom(...reports),
      fc.oneof(mutatedValue(ownPolicies, policyWords), anything, fc.string({ unit: 'binary' })),
    ),
    ([given, policy]) => judged(given, policy),
  ),
  property(
    'a policy file is read or refused in one line that names the file',
    mutated(
      ownPolicies.map((policy) => JSON.stringify(policy, null, 2)),
      ['"id"', '"scope"', '{', '}', '[', '\\u0000', '\\ud800', '1e999', '"__proto__"'],
    ),
    (text) => {
      const file = join(machineOf({ 'policy.json': text }), 'policy.json')
      try {
        readPolicyFile(file)
      } catch (error) {
        require(isCoded(error), () => (error instanceof Error ? `${error.stack}` : String(error)))
        const message = error instanceof Error ? error.message : ''
        require(message.includes(file), () => `does not name the file: ${message}`)
        requireVisible(message, 'the error')
      }
    },
  ),
]
