import { chmodSync, copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Tool } from '../../lib/model/index.js'
import { tools } from '../../lib/tools/tools.js'

/** What is found of a strace that the test has put into PATH. */
async function seen(t: Test, make: (path: string) => void): Promise<Tool | undefined> {
  const path = join(t.testdir({}), 'strace')
  make(path)
  const before = process.env['PATH']
  process.env['PATH'] = join(path, '..')
  t.teardown(() => {
    process.env['PATH'] = before
  })
  const report = await tools({ identities: ['caller'] })
  return report.tools.find((tool) => tool.path === path)
}

t.test('a set-user-ID program is told with its owner, and root’s is warned of', async (t) => {
  const found = await seen(t, (path) => {
    copyFileSync('/bin/true', path)
    chmodSync(path, 0o4755)
  })
  t.match(found, { privileges: { setUid: process.getuid?.(), capabilities: [] } })
  if (process.getuid?.() === 0 && found?.privileges?.ignored === null) {
    t.match(found.warning, /strace runs as root/)
  }
})

t.test('a set-user-ID bit on a script counts for nothing', async (t) => {
  const found = await seen(t, (path) => {
    writeFileSync(path, '#!/bin/sh\n')
    chmodSync(path, 0o4755)
  })
  t.match(found, { privileges: { ignored: /nosuid|script/ }, warning: null })
})

t.test('a plain program gives nothing', async (t) => {
  const found = await seen(t, (path) => {
    copyFileSync('/bin/true', path)
    chmodSync(path, 0o755)
  })
  t.match(found, { privileges: null, warning: null, package: null, version: null })
})
