import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { version } from '../../lib/engine/package.js'
import { isSupported, ownIds, requireLinux } from '../../lib/engine/platform.js'
import { root } from '../helpers/node.js'

/** Until the end of the test that property of the process has another value. */
function pretend(t: Test, name: 'platform' | 'getuid', value: unknown): void {
  const real = Object.getOwnPropertyDescriptor(process, name) ?? {}
  t.teardown(() => Object.defineProperty(process, name, real))
  Object.defineProperty(process, name, { ...real, value })
}

t.test('Linux is supported', async (t) => {
  t.equal(isSupported(), true)
  t.doesNotThrow(requireLinux)
})

t.test('another platform is refused by its name', async (t) => {
  pretend(t, 'platform', 'darwin')
  t.equal(isSupported(), false)
  t.throws(requireLinux, { code: 'ERR_PTRACE_PROBE_PLATFORM', message: /this is darwin$/ })
})

t.test('the version is that of package.json', async (t) => {
  t.equal(version(), JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version)
})

t.test('an id that is not known is not taken for that of root', async (t) => {
  const { uid, egid } = ownIds()
  t.same([uid, egid], [process.getuid?.(), process.getegid?.()])
  pretend(t, 'getuid', undefined)
  t.throws(() => ownIds(), { code: 'ERR_PTRACE_PROBE_PLATFORM' })
})
