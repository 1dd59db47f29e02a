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
  for (const { id, title, source, date, scope, relations } of policies) {
    const own = { origin: 'program', id: 'own', title, source, date, scope, relations }
    t.strictSame(
      checkPolicy({ id: 'own', title, source, date, scope, relations }, 'program'),
      own,
      id,
    )
    t.match(source, /^https:\/\/\S+$/, id)
    t.match(date, /^\d{4}-\d{2}/, id)
    t.ok(relations.length > 0, id)
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
      for (const { id } of policies) {
        t.equal(evaluate(machine, id).met, expectedMet(id, yama, undecidable), id)
      }
    })
  }
}
