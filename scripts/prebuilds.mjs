// npm run prebuilds: builds prebuilds/linux-x64 and prebuilds/linux-arm64, the binaries that are
// published, and checks that any libc can load them. The other architecture is cross-compiled.
// An argument is the directory to put prebuilds/ into, the checkout by default.

import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { abiMistakes } from './abi-check.mjs'
import { prebuilds, tool } from './targets.mjs'
import { writeWords } from './words.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const out = resolve(process.argv[2] ?? root)
const prebuildify = createRequire(import.meta.url).resolve('prebuildify/bin.js')

await writeWords()
for (const { arch, path } of prebuilds) {
  build(arch)
  const mistakes = abiMistakes(join(out, path), arch)
  if (mistakes.length > 0) throw new Error([`${path} cannot be published:`, ...mistakes].join('\n'))
  console.log(`${path}: any libc can load it`)
}

/** In a copy, for the checkout keeps what it has built for this machine. */
function build(arch) {
  const copy = mkdtempSync(join(tmpdir(), 'ptrace-probe-build-'))
  try {
    for (const name of ['package.json', 'binding.gyp', 'native']) {
      cpSync(join(root, name), join(copy, name), { recursive: true })
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
    execFileSync(
      process.execPath,
      [
        ...[prebuildify, '--napi', '--strip', '--quiet', '--platform=linux', `--arch=${arch}`],
        ...[`--cwd=${copy}`, `--out=${out}`],
      ],
      {
        stdio: 'inherit',
        env: {
          ...process.env,
          npm_config_nodedir: join(copy, 'native/gyp'),
          GYP_DEFINES: 'universal=1',
          CC: tool(arch, 'gcc'),
          CXX: tool(arch, 'g++'),
          PREBUILD_STRIP_BIN: tool(arch, 'strip'),
        },
      },
    )
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}
