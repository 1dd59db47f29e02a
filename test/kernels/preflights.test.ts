import t from 'tap'

import { outcomes, ownOf, preflightDebuggers, preflightsOf } from '../helpers/preflights.js'
import { resultsOf, startEach } from './machines.js'
import { bootAndPreflight } from './preflights/lane.js'

const machines = startEach([0, 1, 2, 3] as const, (scope) => (say) => bootAndPreflight(scope, say))

/** What is expected of a process without any protection, by scope. */
const yama = [null, 'yama-restricted', 'yama-admin-only', 'yama-no-attach'] as const

for (const { item: scope, machine } of machines) {
  t.test(`at scope ${scope} what the preflights say is what happens`, async (t) => {
    const results = await resultsOf(t, machine)
    t.strictSame(
      results.map(({ id, as }) => `${id} ${as}`),
      ['gdb user', 'gdb root', 'gdb-typed user', 'lldb user'],
    )
    for (const { id, as, targets, printed, milliseconds } of results) {
      t.comment(`${id} as ${as}: ${milliseconds} ms`)
      const found = preflightDebuggers.find((each) => each.id === id)
      if (found === undefined) throw new Error(`There is no debugger ${id}`)
      const isRefused = scope === 3 || (scope === 2 && as === 'user')
      const seen = preflightsOf(found, Object.values(targets), printed)
      for (const [i, name] of Object.keys(targets).entries()) {
        const { said = 'nothing', did, hooked, cause, text } = seen[i] ?? {}
        const expected = { ...outcomes[said], ...(id === 'gdb' ? { hooked: null } : {}) }
        t.strictSame({ did, hooked }, expected, `${id} as ${as}, ${name}: ${said} ${cause}`, {
          text,
        })
        if (name !== 'plain') continue
        t.equal(cause, isRefused || (scope === 1 && as === 'user') ? yama[scope] : null)
      }
      if (id !== 'gdb') continue
      const [own] = preflightsOf(found, [ownOf(printed)], printed)
      t.match(
        own,
        isRefused ? { said: 'denied', did: 'refused' } : { said: 'allowed', did: 'attached' },
      )
    }
  })
}
