import t from 'tap'

import { bootAndInstall } from './fedora/lane.js'
import { debuggers } from './judges/debuggers.js'
import { resultsOf, start } from './machines.js'

// The steps of https://fedoraproject.org/wiki/Changes/Restrict_ptrace_by_default, "How To Test".
const restricted = { scope: 1, name: 'restricted', works: false } as const
const open = { scope: 0, name: 'classic', works: true } as const
const nobody = { file: null, line: null, package: null } as const
const fedora = {
  file: '/usr/lib/sysctl.d/10-default-yama-scope.conf',
  line: 1,
  package: 'yama-ptrace-enable',
} as const
const own = { file: '/etc/sysctl.d/50-yama.conf', line: 1, package: null } as const
// The kernel here is Debian's, which begins with 0.
const expected = [
  ['a fresh machine', restricted, nobody, { afterReboot: 0, drift: true }],
  ['the package is installed', open, fedora, { afterReboot: 0, drift: false }],
  // Nothing applies what is no longer there.
  ['the package is removed', open, nobody, { afterReboot: 0, drift: false }],
  ['a file wants 1, and it was not applied', open, own, { afterReboot: 1, drift: true }],
  ['it is applied', restricted, own, { afterReboot: 1, drift: false }],
] as const

t.test(
  'Fedora’s package switches the restriction off, and its removal does not undo it',
  async (t) => {
    const results = await resultsOf(t, start(bootAndInstall))
    const { looks, watched } = results
    const { attached, refused } = debuggers.find(({ id }) => id === 'eu-stack') ?? {}
    t.strictSame(
      looks.map(({ step }) => step),
      expected.map(([step]) => step),
    )
    for (const [i, [step, { scope, name, works }, who, reboot]] of expected.entries()) {
      t.test(step, async (t) => {
        const look = looks[i]
        if (look === undefined || attached === undefined || refused === undefined) {
          throw new Error(`Nothing is known of the step: ${step}`)
        }
        t.equal(look.ended.status, 0, 'the step succeeds', look.ended)
        t.equal(look.value, String(scope), 'the kernel’s file has the value')
        const { declared, enforced } = look.report.scope
        t.match(enforced, { value: scope, name, certainty: 'proved' }, 'the report proves it')
        t.equal(declared.value, scope, 'and names what is declared')
        for (const target of ['stranger', 'shell'] as const) {
          t.match(look[target].printed, works ? attached : refused, `eu-stack on a ${target}`)
          t.notMatch(look[target].printed, works ? refused : attached, `eu-stack on a ${target}`)
        }
        t.match(
          look.check,
          works
            ? { verdict: 'allowed', cause: null, tracer: 'child' }
            : { verdict: 'denied', cause: 'yama-restricted', tracer: 'child' },
          'check foretold it',
        )
        t.match(look.settings, { persistent: who, ...reboot }, 'settings says who sets it')
      })
    }
    t.test('with --watch the command answers when the value changes, and only then', async (t) => {
      const { report, check } = watched
      const scopes = report.printed.map((line) => JSON.parse(line).scope.enforced)
      const proved = { certainty: 'proved' }
      t.match(scopes, [
        { ...proved, value: 1 },
        { ...proved, value: 0 },
        { ...proved, value: 1 },
      ])
      t.equal(scopes.length, 3)
      const setting = 'kernel\\.yama\\.ptrace_scope'
      // The first answer is broken into lines, as people read it.
      const told = check.printed.join(' ').split(/ (?=kernel\.yama\.ptrace_scope: )/)
      t.match(told, [
        /^A debugger .* may not attach to sleep/,
        new RegExp(`^${setting}: 1 -> 0\\. A debugger .* may attach to sleep`),
        new RegExp(`^${setting}: 0 -> 1\\. A debugger .* may not attach to sleep`),
      ])
      t.equal(told.length, 3)
      t.strictSame([report.status, check.status], [0, 1], 'SIGINT ends it with the last answer')
    })
  },
)
