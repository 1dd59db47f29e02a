// npm run prebuilds: builds prebuilds/linux-x64 and prebuilds/linux-arm64, the binaries that
// node-gyp-build loads. The other architecture is cross-compiled.

import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { headers } from './headers.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const prebuildify = createRequire(import.meta.url).resolve('prebuildify/bin.js')

/** The tool-chain of each architecture, by the prefix of Debian's cross compilers. */
const toolChains = { x64: 'x86_64-linux-gnu-', arm64: 'aarch64-linux-gnu-' }

const nodedir = headers()

for (const [arch, prefix] of Object.entries(toolChains)) {
  const tools =
    arch === process.arch
      ? {}
      : { CC: `${prefix}gcc`, CXX: `${prefix}g++`, PREBUILD_STRIP_BIN: `${prefix}strip` }
  execFileSync(
    process.execPath,
    [prebuildify, '--napi', '--strip', '--platform=linux', `--arch=${arch}`],
    {
      cwd: root,
      stdio: 'inherit',
      env: {
        ...process.env,
        ...tools,
        ...(nodedir === undefined ? {} : { npm_config_nodedir: nodedir }),
      },
    },
  )
}
