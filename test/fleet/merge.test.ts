import t from 'tap'
import { mergeSources, type Progress } from '../../lib/fleet/merge.js'
import type { Source, Unreadable } from '../../lib/fleet/sources.js'
import type { BadLine, Envelope, Fleet } from '../../lib/model/index.js'
import { policies } from '../../lib/policy/table.js'
import { bytes, envelope } from '../helpers/envelopes.js'

const asked = policies.filter(({ id }) => id === 'stig' || id === 'kspp')
const at = (yama: 0 | 1 | 2 | 3 | null, host: string): Envelope =>
  envelope({ yama }, asked, { host })

const silent: Progress = { read: () => {}, failed: () => {} }

const source = (...lines: readonly (Envelope | string)[]): Source => ({
  name: 'hosts.ndjson',
  open: () =>
    bytes(
      lines.map((each) => `${typeof each === 'string' ? each : JSON.stringify(each)}\n`).join(''),
      4096,
    ),
})

const merged = (...sources: readonly (Source | Unreadable)[]): Promise<Fleet> =>
  mergeSources(sources, silent)

t.test('hosts are grouped by what is true of them, the largest group first', async (t) => {
  const fleet = await merged(source(at(1, 'a'), at(0, 'b'), at(1, 'c'), at(null, 'd')))
  t.match(fleet, { schemaVersion: 1, envelopes: 4, hosts: 4, unread: { count: 0, first: [] } })
  t.strictSame(fleet.enforced, [
    { value: 'scope 1 (restricted), proved', count: 2, hosts: ['a', 'c'] },
    { value: 'no Yama, proved', count: 1, hosts: ['d'] },
    { value: 'scope 0 (classic), proved', count: 1, hosts: ['b'] },
  ])
  t.strictSame(
    fleet.agreement.map(({ value, count }) => [value, count]),
    [
      ['as declared', 3],
      ['no Yama', 1],
    ],
  )
  t.strictSame(
    fleet.policies.map(({ id, answers }) => [
      id,
      answers.map(({ value, count }) => [value, count]),
    ]),
    [
      ['kspp', [['not met', 4]]],
      [
        'stig',
        [
          ['met', 2],
          ['not met', 2],
        ],
      ],
    ],
  )
  t.match(
    fleet.message,
    /^4 hosts enforce 3 different things, and 2 of them scope 1 \(restricted\), proved\.$/,
  )
})

t.test('a group names five of its hosts', async (t) => {
  const names = Array.from({ length: 9 }, (_, index) => `host${index}`)
  const { enforced, message } = await merged(source(...names.map((name) => at(2, name))))
  t.match(enforced, [{ count: 9, hosts: names.slice(0, 5) }])
  t.equal(message, 'All 9 hosts enforce the same: scope 2 (admin-only), proved.')
})

t.test(
  'of several envelopes of a host the latest counts, in whatever order they come',
  async (t) => {
    const [old, late] = [at(0, 'a'), { ...at(1, 'a'), collected: '2026-11-22T00:00:00.000Z' }]
    for (const lines of [
      [old, late],
      [late, old],
    ]) {
      const fleet = await merged(source(...lines))
      t.match(fleet, {
        envelopes: 2,
        hosts: 1,
        enforced: [{ value: 'scope 1 (restricted), proved' }],
      })
    }
  },
)

t.test('what is no envelope is named and counted, and the rest is read', async (t) => {
  const bad: BadLine[] = []
  const fleet = await mergeSources(
    [
      { name: 'gone.json', wrong: 'no such file or directory' },
      source(
        'not JSON',
        at(1, 'a'),
        '{}',
        JSON.stringify({ ...at(1, 'b'), schemaVersion: 2 }),
        JSON.stringify({ ...at(1, 'b'), host: '' }),
        JSON.stringify({ ...at(1, 'b'), collected: 'yesterday' }),
        JSON.stringify(at(1, 'b').report),
        'null',
        '[]',
      ),
    ],
    { read: () => {}, failed: (each) => bad.push(each) },
  )
  t.strictSame(
    bad.map(({ place, reason }) => `${place}: ${reason}`),
    [
      'gone.json: no such file or directory',
      'hosts.ndjson:1: expected an envelope as one line of JSON',
      'hosts.ndjson:3: /schemaVersion: expected the field "schemaVersion"',
      'hosts.ndjson:4: /schemaVersion: expected the number 1',
      'hosts.ndjson:5: /host: expected a text that is not empty',
      'hosts.ndjson:6: /collected: expected a time as ISO 8601 has it',
      'hosts.ndjson:7: /host: expected a text',
      'hosts.ndjson:8: expected an object',
      'hosts.ndjson:9: /schemaVersion: expected the field "schemaVersion"',
    ],
  )
  t.match(fleet, { envelopes: 1, hosts: 1, unread: { count: 9 } })
  t.equal(fleet.unread.first.length, 5)
  t.match(fleet.message, / 9 lines or files could not be read\.$/)
})

t.test('a stream that fails is named, and the next one is read', async (t) => {
  const failing: Source = {
    name: 'broken',
    open: async function* () {
      yield Buffer.from(`${JSON.stringify(at(1, 'a'))}\n`)
      throw Object.assign(new Error('broken'), { code: 'EIO' })
    },
  }
  const fleet = await merged(failing, source(at(0, 'b')))
  t.match(fleet, {
    hosts: 2,
    unread: { count: 1, first: [{ place: 'broken', reason: 'input/output error' }] },
  })
  const mistake: Source = {
    name: 'broken',
    open: async function* () {
      yield* []
      throw new Error('a mistake of this program')
    },
  }
  await t.rejects(merged(mistake), { message: 'a mistake of this program' })
})

t.test('nothing is a fleet, too', async (t) => {
  t.match(await merged(), { hosts: 0, message: 'There is no envelope to sum up.' })
  const undecided = await merged(source(envelope({ yama: 2, userNamespaces: false })))
  t.equal(undecided.message, 'The one host enforces the same: scope 2 or 3, undetermined.')
})

t.test('names and reasons have nothing that a terminal obeys', async (t) => {
  const fleet = await merged({ name: 'a\u001b[31m', wrong: 'x\ny' })
  t.strictSame(fleet.unread.first, [{ place: 'a?[31m', reason: 'x?y' }])
})

t.test('progress is told after each envelope', async (t) => {
  const told: number[] = []
  await mergeSources([source(at(1, 'a'), at(1, 'b'))], {
    ...silent,
    read: (envelopes) => told.push(envelopes),
  })
  t.strictSame(told, [1, 2])
})
