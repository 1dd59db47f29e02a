// npm run release: checks everything, builds every binary, and writes what is published to release/:
// the tarball, its software bill of materials, and their checksums. With --pack it only builds and
// packs, without a check of anything but the binaries.

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pack } from './pack.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const release = join(root, 'release')
const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** In this order; the first that fails ends it. */
const checks = [
  ['git', 'diff', '--exit-code', '--stat', 'HEAD'],
  ['npm', 'run', 'lint'],
  ['npm', 'run', 'typecheck'],
  ['npm', 'test'],
  // These two build the binaries; and load that for x64 in every runtime, that for arm64 in QEMU.
  ['npm', 'run', 'test:package'],
  ['npm', 'run', 'test:kernels'],
]

function run(command, args, options = {}) {
  return execFileSync(command, args, { cwd: root, stdio: 'inherit', ...options })
}

function publishable() {
  rmSync(release, { recursive: true, force: true })
  mkdirSync(release)
  const tarball = basename(pack(release))
  const bill = `${name}-${version}.cdx.json`
  writeFileSync(join(release, bill), billOfMaterials())
  const sums = [tarball, bill].map((file) => {
    const sum = createHash('sha256')
      .update(readFileSync(join(release, file)))
      .digest('hex')
    return `${sum}  ${file}\n`
  })
  writeFileSync(join(release, 'SHA256SUMS'), sums.join(''))
}

function billOfMaterials() {
  const options = ['--sbom-format=cyclonedx', '--sbom-type=library', '--omit=dev']
  const text = run('npm', ['sbom', ...options, '--package-lock-only'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const components = JSON.parse(text)
  // npm takes the name of the directory.
  components.metadata.component.name = name
  return `${JSON.stringify(components, null, 2)}\n`
}

function check() {
  if (!readFileSync(join(root, 'CHANGELOG.md'), 'utf8').includes(`\n## [${version}]`)) {
    throw new Error(`CHANGELOG.md has no section for ${version}`)
  }
  for (const [command, ...args] of checks) run(command, args)
}

if (!process.argv.includes('--pack')) check()
run('npm', ['run', 'build:lib'])
run('npm', ['run', 'prebuilds'])
publishable()
console.log(readFileSync(join(release, 'SHA256SUMS'), 'utf8').trimEnd())
