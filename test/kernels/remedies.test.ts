import t from 'tap'

import { oneOf } from '../../lib/model/index.js'
import { remedies } from '../../lib/model/remedies.js'
import { keysOf } from '../../lib/model/tables.js'
import { resultsOf, start } from './machines.js'
import { exceptions } from './remedies/exceptions.js'
import { bootAndCarry } from './remedies/lane.js'

t.test('every remedy that is offered makes the attach work', async (t) => {
  const results = await resultsOf(t, start(bootAndCarry))
  for (const { id, said, offered, did, worked, printed, missing } of results) {
    t.test(`${id}: ${remedies[id].does}`, async (t) => {
      t.equal(said.verdict, 'denied', 'without it the attach is refused', said)
      t.ok(offered.includes(id), 'it is offered', { said, offered })
      t.ok(worked, 'and with it the attach works', { did, printed })
      t.strictSame(missing, [], 'nothing cheaper is missing', { offered })
    })
  }
  const carried = results.map(({ id }) => id)
  for (const id of keysOf(remedies).filter((id) => !oneOf(carried, id))) {
    const [, reason] = Object.entries(exceptions).find(([name]) => name === id) ?? []
    t.ok(reason, `${id} is not carried out: ${reason}`)
  }
})
