// Builds the addon from source. Node's headers are taken from where Node itself was installed, so
// that nothing is downloaded where they are at hand.

import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { headers } from './headers.mjs'

if (process.platform !== 'linux') {
  console.log('ptrace-probe works on Linux only; there is nothing to build here.')
  process.exit(0)
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const nodeGyp = createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js')
const nodedir = headers()

const { status, error } = spawnSync(
  process.execPath,
  [
    nodeGyp,
    'rebuild',
    '--silent',
    ...(nodedir === undefined ? [] : [`--nodedir=${nodedir}`]),
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
)
if (error) throw error
if (status !== 0) {
  console.error('The addon could not be built: it needs python3, make and a C++17 compiler.')
}
process.exitCode = status ?? 1
