import { join } from 'node:path'
import t from 'tap'
import { interpreterOf } from '../../lib/machine/script.js'

for (const [content, expected] of [
  ['#!/bin/sh\necho\n', '/bin/sh'],
  ['#! \t/usr/bin/env node\n', '/usr/bin/env'],
  ['#!/bin/sh', '/bin/sh'],
  ['\x7fELF', null],
  ['echo\n', null],
  ['', null],
] as const) {
  t.test(`${JSON.stringify(content)} is executed by ${expected ?? 'the kernel'}`, async (t) => {
    t.equal(interpreterOf(join(t.testdir({ program: content }), 'program')), expected)
  })
}

t.test('a file that cannot be read is taken for no script', async (t) => {
  t.equal(interpreterOf(join(t.testdir({}), 'none')), null)
})
