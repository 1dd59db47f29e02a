import t from 'tap'
import { render } from '../../lib/format/settings.js'
import type { SettingsReport } from '../../lib/model/index.js'
import { settings } from '../../lib/settings/settings.js'
import { configured, images, overridden, running, system } from '../helpers/systems.js'

const style = { color: false, unicode: true, columns: 80 }

/** The first sentence. */
const opening = (differences: Partial<SettingsReport>): string =>
  (render(configured(differences), style).split('\n\n')[0] ?? '').replaceAll('\n', ' ')

t.test('the first sentence says what is, what will be, and who sets it', async (t) => {
  const where = '/usr/lib/sysctl.d/10-default-yama-scope.conf:2 of the package yama-ptrace-enable'
  t.equal(
    opening({}),
    `The scope is 0 (classic) now, and will be the same after a reboot: ${where} sets it.`,
  )
  t.equal(
    opening({ declared: { value: 1, source: '' }, drift: true }),
    `The scope is 1 (restricted) now, but will be 0 (classic) after a reboot: ${where} sets it.`,
  )
  t.equal(
    opening({ declared: { value: null, source: '' }, drift: null }),
    `The scope now is not declared, and a boot ends with 0 (classic): ${where} sets it.`,
  )
  t.equal(
    opening({ afterReboot: null, drift: null }),
    `The scope is 0 (classic) now, and what it will be after a reboot cannot be told; ${where} would set 0.`,
  )
  const nobody = { value: null, file: null, line: null, package: null }
  t.match(opening({ persistent: nobody, afterReboot: 1, drift: true }), /nothing sets it.*inferred/)
  t.match(
    opening({ latched: true, declared: { value: 3, source: '' } }),
    /refuses every value below 3/,
  )
})

t.test('every line fits 80 columns, except what is there to be copied', async (t) => {
  const root = system(t, overridden, running(1))
  for (const columns of [40, 80, 200]) {
    const text = render(await settings({ root }), { ...style, columns })
    const long = text.split('\n').filter((line) => line.length > Math.min(80, columns))
    t.same(
      long.filter((line) => !/^ {6}/.test(line) && !/\S{38}/.test(line)),
      [],
    )
  }
})

t.test('names cannot reach the terminal', async (t) => {
  const name = 'usr/lib/sysctl.d/\u001b[31m\u009b\u202e.conf'
  const root = system(t, images.debian, running(0), {
    [name]: 'kernel.yama.ptrace_scope = 1 \u001b]0;title\u0007\nkernel.yama.ptrace_scope \u001b2\n',
  })
  const report = await settings({ root })
  t.equal(report.persistent.file, `/${name}`)
  t.notMatch(render(report, style).replaceAll('\n', ''), /\p{C}/u)
  const ascii = render(report, { ...style, unicode: false }).replaceAll('\n', '')
  t.match(ascii, /^[ -~]*$/)
})
