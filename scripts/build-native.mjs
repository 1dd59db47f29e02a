// Builds the addon from source, for this machine. Nothing is downloaded: the headers come from
// the packages node-addon-api (C++) and node-api-headers (C), and node-gyp from a dependency or from npm. It is also the
// command of users whose machine no prebuilt binary is made for.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

if (process.platform !== 'linux') {
  console.log('ptrace-probe works on Linux only; there is nothing to build here.')
} else {
  // The package brings what a checkout has to write.
  const words = join(root, 'scripts/words.mjs')
  if (existsSync(words)) await (await import(words)).writeWords()
  process.exitCode = build()
}

function build() {
  const nodeGyp = findNodeGyp()
  if (nodeGyp === undefined) {
    console.error(
      'ptrace-probe: building needs node-gyp, which comes with npm, and found none: install npm, ' +
        'or run `npm install node-gyp` here',
    )
    return 1
  }
  const { status, error } = spawnSync(
    process.execPath,
    [nodeGyp, 'rebuild', '--silent', ...process.argv.slice(2)],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      // Not an argument, for a setting of the user's would go before it.
      env: { ...process.env, npm_config_nodedir: join(root, 'native/gyp') },
    },
  )
  if (error) throw error
  if (status !== 0) {
    console.error('ptrace-probe: building failed; it needs python3, make and a C++17 compiler')
  }
  return status ?? 1
}

/** Its own dependency in a checkout; where ptrace-probe is installed, the one that npm has. */
function findNodeGyp() {
  try {
    return createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js')
  } catch {
    const npm = [join(dirname(process.execPath), '../lib'), '/usr/lib', '/usr/local/lib']
    return [
      process.env.npm_config_node_gyp,
      ...npm.map((lib) => join(lib, 'node_modules/npm/node_modules/node-gyp/bin/node-gyp.js')),
      '/usr/share/nodejs/node-gyp/bin/node-gyp.js',
    ].find((path) => path !== undefined && existsSync(path))
  }
}
