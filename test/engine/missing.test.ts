import t from 'tap'
import { missingAddon } from '../../lib/engine/missing.js'

t.test('where no addon loads, the error names what was tried and what builds it', async (t) => {
  const cause = new Error('wrong ELF class\nmore of it')
  const places = ['build/Release', 'prebuilds/linux-x64']
  const error = missingAddon('/opt/it is here', places, cause, 'linux-x64')
  t.match(error, { code: 'ERR_PTRACE_PROBE_ADDON', cause })
  t.match(error.message, /for linux-x64 .* tried build\/Release and prebuilds\/linux-x64/)
  t.match(error.message, "(wrong ELF class); `node '/opt/it is here/scripts/build-native.mjs'`")
})

t.test('a cause that is no Error is told as text', async (t) => {
  const { message } = missingAddon("/it's", [], 'no file', 'linux-arm64')
  t.match(message, '(no file)')
  t.match(message, "'/it'\\''s/scripts/build-native.mjs'")
})
