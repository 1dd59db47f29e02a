import t from 'tap'
import { checkPolicy } from '../../lib/policy/check.js'
import { evaluate } from '../../lib/policy/evaluate.js'
import { policies } from '../../lib/policy/table.js'
import { expectedMet, policyNames } from '../helpers/policies.js'
import { report } from '../helpers/report.js'

t.test('every policy is in the table made by hand, and no other', async (t) => {
  t.strictSame(
    policies.map(({ id }) => id),
    policyNames,
  )
})

t.test('every policy has a source, a date and a behaviour, and can be met', async (t) => {
  for (const policy of policies) {
    t.strictSame(checkPolicy(policy), policy, policy.id)
    t.match(policy.source, /^https:\/\/\S+$/, policy.id)
    t.match(policy.date, /^\d{4}-\d{2}/, policy.id)
    t.ok(policy.relations.length > 0, policy.id)
  }
})

for (const yama of [null, 0, 1, 2, 3] as const) {
  for (const [who, capable, userNamespaces] of [
    ['a capable caller', true, true],
    ['an ordinary user', false, true],
    ['an ordinary user without user namespaces', false, false],
  ] as const) {
    const place = yama === null ? 'without Yama' : `at scope ${yama}`
    t.test(`${place}, to ${who}, every policy is met as the table says`, async (t) => {
      const undecidable = !capable && !userNamespaces
      const machine = report({ yama, capable, userNamespaces })
      for (const name of policyNames) {
        t.equal(evaluate(machine, name).met, expectedMet(name, yama, undecidable), name)
      }
    })
  }
}
