import t from 'tap'

import { bootAndInstall } from './fedora/lane.js'
import { debuggers } from './judges/debuggers.js'

// The steps of https://fedoraproject.org/wiki/Changes/Restrict_ptrace_by_default, "How To Test".
const restricted = { scope: 1, name: 'restricted', works: false } as const
const open = { scope: 0, name: 'classic', works: true } as const
const expected = [
  ['a fresh machine', restricted],
  ['the package is installed', open],
  // Nothing applies what is no longer there.
  ['the package is removed', open],
  ['a file wants 1, and nobody applied it', open],
  ['it is applied', restricted],
] as const

t.test(
  'Fedora’s package switches the restriction off, and its removal does not undo it',
  async (t) => {
    const messages: string[] = []
    const { results, seconds } = await bootAndInstall((message) => messages.push(message))
    for (const message of messages) t.comment(message)
    t.comment(`the machine ran for ${seconds.toFixed(1)} s`)
    const { attached, refused } = debuggers.find(({ id }) => id === 'eu-stack') ?? {}
    t.strictSame(
      results.map(({ step }) => step),
      expected.map(([step]) => step),
    )
    for (const [i, [step, { scope, name, works }]] of expected.entries()) {
      t.test(step, async (t) => {
        const look = results[i]
        if (look === undefined || attached === undefined || refused === undefined) {
          throw new Error(`Nothing is known of the step: ${step}`)
        }
        t.equal(look.ended.status, 0, 'the step succeeds', look.ended)
        t.equal(look.value, String(scope), 'the kernel’s file has the value')
        const { declared, enforced } = look.report.scope
        t.match(enforced, { value: scope, name, certainty: 'proved' }, 'the report proves it')
        t.equal(declared.value, scope, 'and names what is declared')
        for (const who of ['stranger', 'shell'] as const) {
          t.match(look[who].printed, works ? attached : refused, `eu-stack on a ${who}`)
          t.notMatch(look[who].printed, works ? refused : attached, `eu-stack on a ${who}`)
        }
        t.match(
          look.check,
          works
            ? { verdict: 'allowed', cause: null, tracer: 'child' }
            : { verdict: 'denied', cause: 'yama-restricted', tracer: 'child' },
          'check foretold it',
        )
      })
    }
  },
)
