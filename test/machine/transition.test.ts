import t, { type Test } from 'tap'
import { keepsLabel } from '../../lib/machine/transition.js'

/** A machine with AppArmor profiles, by what they are attached to. */
const profiles = (t: Test, ...patterns: readonly string[]) =>
  t.testdir({
    sys: {
      kernel: {
        security: {
          apparmor: {
            policy: {
              profiles: Object.fromEntries(patterns.map((attach, n) => [`p.${n}`, { attach }])),
            },
          },
        },
      },
    },
  })

t.test('without a label there is none to lose', async (t) => {
  t.equal(keepsLabel('/usr/bin/gdb', null, ''), true)
  t.equal(keepsLabel('/usr/bin/gdb', '', ''), true)
})

for (const [pattern, path, isKept] of [
  ['/usr/bin/gdb', '/usr/bin/gdb', false],
  ['/usr/bin/gdb', '/usr/bin/gdb2', true],
  ['/usr/bin/*', '/usr/bin/gdb', false],
  ['/usr/*', '/usr/bin/gdb', true],
  ['/usr/**', '/usr/bin/gdb', false],
  ['/usr/bin/gd?', '/usr/bin/gdb', false],
  ['/usr/bin/{gdb,lldb}', '/usr/bin/lldb', false],
  ['/usr/bin/[gl]db', '/usr/bin/gdb', false],
  ['/usr/bin/g.b', '/usr/bin/gdb', true],
  ['/usr/bin/{gdb', '/usr/bin/gdb', true],
  ['<unknown>', '/usr/bin/gdb', true],
  ['gdb', '/usr/bin/gdb', true],
] as const) {
  const fate = isKept ? 'stays unconfined' : 'is confined'
  t.test(`${path} ${fate} beside a profile for ${pattern}`, async (t) => {
    t.equal(keepsLabel(path, 'unconfined', '', profiles(t, pattern)), isKept)
  })
}

t.test('where the profiles cannot be read, the label is not known', async (t) => {
  t.equal(keepsLabel('/usr/bin/gdb', 'unconfined', '', t.testdir({})), null)
})

t.test('what a profile or a context makes of a program is not guessed', async (t) => {
  t.equal(keepsLabel('/usr/bin/gdb', 'firefox (enforce)', ''), null)
  t.equal(keepsLabel('/usr/bin/gdb', 'user_u:user_r:user_t:s0', ''), null)
})
