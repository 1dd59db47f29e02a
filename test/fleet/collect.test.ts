import { hostname } from 'node:os'
import t from 'tap'
import { collect } from '../../lib/fleet/collect.js'

t.test('an envelope has all that is known of this host', async (t) => {
  const { host, collected, report, settings, asserts } = await collect({
    policies: ['stig', { id: 'own', scope: '>=0' }],
  })
  t.equal(host, hostname())
  t.equal(collected, report.time)
  t.ok(report.observations.length > 0)
  t.equal(settings.root, '/')
  t.strictSame(
    asserts.map(({ policy }) => [policy.id, policy.origin]),
    [
      ['stig', 'known'],
      ['own', 'program'],
    ],
  )
})

t.test('without policies nothing is compared', async (t) => {
  t.strictSame((await collect()).asserts, [])
})

t.test('mistakes are told before anything is measured', async (t) => {
  for (const [options, code] of [
    [{ policies: 'stig' }, 'ERR_INVALID_ARG_TYPE'],
    [{ policies: ['no-such'] }, 'ERR_INVALID_ARG_VALUE'],
    [{ policies: [{ id: 'own' }] }, 'ERR_INVALID_ARG_VALUE'],
    [{ root: '/' }, 'ERR_INVALID_ARG_VALUE'],
    [{ timeoutMs: 0 }, 'ERR_OUT_OF_RANGE'],
    [null, 'ERR_INVALID_ARG_TYPE'],
  ] as const) {
    const wrong = JSON.parse(JSON.stringify(options))
    await t.rejects(collect(wrong), { code }, JSON.stringify(options))
  }
})
