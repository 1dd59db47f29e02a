import t from 'tap'
import { recall, remember } from '../../lib/skip/remembered.js'
import { everyRequirement, parseRequirement, shortId } from '../../lib/skip/requirement.js'
import { report } from '../helpers/report.js'

const moment = { version: '1.2.3', fingerprint: 'here', time: 1000 }
const text = remember(report({ yama: 1 }), moment)
const hour = 60 * 60 * 1000
const sibling = parseRequirement('sibling')
const child = parseRequirement('child')

t.test('an answer holds under the same circumstances', async (t) => {
  t.equal(recall(text, moment, child), null)
  t.match(recall(text, { ...moment, time: moment.time + hour }, sibling), /^needs ptrace of a sib/)
})

t.test('an answer of other circumstances is none', async (t) => {
  for (const other of [
    { version: '1.2.4' },
    { fingerprint: 'there' },
    { time: moment.time - 1 },
    { time: moment.time + hour + 1 },
  ]) {
    t.equal(recall(text, { ...moment, ...other }, child), undefined, { other })
  }
})

t.test('what is no memory of ours has no answer', async (t) => {
  const cut = text.slice(0, 200)
  const changed = (more: object): string => JSON.stringify({ ...JSON.parse(text), ...more })
  for (const other of [
    ...['', 'x', '[]', 'null', cut],
    ...[changed({ schemaVersion: 2 }), changed({ time: 'now' }), changed({ reasons: null })],
    ...[changed({ reasons: {} }), changed({ reasons: { 'child/attach': 1 } })],
  ]) {
    t.equal(recall(other, moment, child), undefined, { other })
  }
})

t.test('every requirement that is clear is kept as it would be answered', async (t) => {
  const { reasons } = JSON.parse(text)
  t.strictSame(Object.keys(reasons).sort(), everyRequirement().map(shortId).sort())
})

t.test('what could not be measured is measured again', async (t) => {
  const seen = report({ yama: 1 })
  const observations = seen.observations.map((each) =>
    each.relation === 'child'
      ? { ...each, status: 'inconclusive' as const, step: 'deadline' as const }
      : each,
  )
  const partial = remember({ ...seen, observations }, moment)
  t.equal(recall(partial, moment, child), undefined)
  t.type(recall(partial, moment, sibling), 'string')
})
