import t from 'tap'
import { settings } from '../../../lib/settings/settings.js'
import { configured } from '../../helpers/systems.js'
import { runCommand as run } from '../../helpers/verdicts.js'

for (const [code, what, differences] of [
  [0, 'a reboot changes nothing', {}],
  [0, 'that cannot be told', { drift: null, afterReboot: null }],
  [1, 'a reboot changes the scope', { drift: true }],
  [3, 'something could not be read', { complete: false, drift: null }],
] as const) {
  t.test(`settings exits with ${code} where ${what}`, async (t) => {
    const world = { settings: async () => configured(differences) }
    for (const argv of [['settings'], ['settings', '--json']]) {
      const ran = await run(argv, world)
      t.match(ran, { code, stderr: '' })
    }
    t.same(JSON.parse((await run(['settings', '--json'], world)).stdout), configured(differences))
  })
}

t.test('the root reaches the library, and what is wrong with it is one sentence', async (t) => {
  t.same((await run(['settings', '--root', '/image'])).asked, [['settings', { root: '/image' }]])
  t.same((await run(['settings'])).asked, [['settings', {}]])
  const wrong = await run(['settings', '--root', '/no\u001bwhere'], { settings })
  t.match(wrong, { code: 2, stdout: '' })
  t.match(
    wrong.stderr,
    /^ptrace-probe: The root .* is not a directory that can be read: no such file or directory \(see /,
  )
  t.match((await run(['settings', '/etc'])).stderr, /unexpected argument '\/etc'/)
})
