import t from 'tap'

import { matches, pages, reproductions } from '../helpers/pages.js'
import { resultsOf, startEach } from './machines.js'
import { bootAndFollow } from './pages/lane.js'

/** Pages of one kind share a machine: containers are slow to start on an emulated one. */
const inContainers = /docker|kubernetes/
const kinds = [
  { kind: 'of containers', names: pages.filter((page) => inContainers.test(page)) },
  { kind: 'of everything else', names: pages.filter((page) => !inContainers.test(page)) },
].map(({ kind, names }) => ({ kind, plan: names.flatMap(reproductions) }))

const machines = startEach(
  kinds,
  ({ plan }) =>
    (say) =>
      bootAndFollow(plan, say),
)

for (const { item, machine } of machines) {
  const { kind, plan } = item
  t.test(`the scripts of the pages ${kind} print what the pages show`, async (t) => {
    const results = await resultsOf(t, machine)
    for (const { id, output } of plan) {
      const printed = results[id] ?? 'nothing'
      t.ok(matches(printed, output), id, { printed, shown: output })
    }
  })
}
