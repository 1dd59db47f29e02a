import t from 'tap'
import type { Observation } from '../../lib/model/index.js'
import { judgeUse, uses } from '../../lib/probe/operations.js'
import { report } from '../helpers/report.js'

/** What an ordinary user's tracer sees at scope 1, with the differences of the test. */
function cells(change: (key: string, seen: Observation) => Observation) {
  const map = new Map<string, Observation>()
  for (const seen of report({ yama: 1 }).observations) {
    if (seen.identity !== 'unprivileged') continue
    const consent = seen.consent === 'none' ? '' : `+${seen.consent}`
    const key = `${seen.relation}${consent}/${seen.method}`
    map.set(key, change(key, seen))
  }
  return map
}

t.test('a use that needs several attempts works only where all of them do', async (t) => {
  const seen = cells((_, each) => each)
  t.equal(judgeUse(uses['trace-child'], seen)?.outcome, 'works')
  t.equal(judgeUse(uses['trace-other'], seen)?.outcome, 'refused')
  const one = cells((key, each) => (key === 'child/seize' ? { ...each, status: 'denied' } : each))
  t.equal(judgeUse(uses['trace-child'], one)?.outcome, 'partly')
})

t.test('an attempt without a clear answer leaves the use undetermined', async (t) => {
  const unclear = cells((key, each) =>
    key === 'child/seize' ? { ...each, status: 'inconclusive' } : each,
  )
  t.equal(judgeUse(uses['trace-child'], unclear)?.outcome, 'undetermined')
})

t.test('where no target can name a tracer, the attempts without a name decide', async (t) => {
  const unnamed = cells((key, each) =>
    key.includes('+') ? { ...each, status: 'unavailable' } : each,
  )
  const judged = judgeUse(uses['trace-consenting'], unnamed)
  t.equal(judged?.outcome, 'refused')
  t.notOk(judged?.observations.some(({ consent }) => consent !== 'none'))
})

t.test('a use that was not tried is not judged', async (t) => {
  t.equal(judgeUse(uses['trace-child'], new Map()), null)
})
