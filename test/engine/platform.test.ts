import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { version } from '../../lib/engine/package.js'
import { isSupported, requireLinux } from '../../lib/engine/platform.js'
import { root } from '../helpers/node.js'

/** Until the end of the test the process takes itself for one of that platform. */
function pretend(t: Test, platform: string): void {
  const real = Object.getOwnPropertyDescriptor(process, 'platform') ?? {}
  t.teardown(() => Object.defineProperty(process, 'platform', real))
  Object.defineProperty(process, 'platform', { ...real, value: platform })
}

t.test('Linux is supported', async (t) => {
  t.equal(isSupported(), true)
  t.doesNotThrow(requireLinux)
})

t.test('another platform is refused by its name', async (t) => {
  pretend(t, 'darwin')
  t.equal(isSupported(), false)
  t.throws(requireLinux, { code: 'ERR_PTRACE_PROBE_PLATFORM', message: /this is darwin$/ })
})

t.test('the version is that of package.json', async (t) => {
  t.equal(version(), JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version)
})
