// Packs what is built, the same bytes on every machine.

import { execFileSync } from 'node:child_process'
import { chmodSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Packs into a directory; the path of the tarball. */
export function pack(into) {
  // npm packs modes as they are, and these depend on the umask of the user who made the checkout.
  for (const { path } of npmPack('--dry-run').files) {
    const file = join(root, path)
    chmodSync(file, statSync(file).mode & 0o100 ? 0o755 : 0o644)
  }
  return join(into, npmPack('--pack-destination', into).filename)
}

function npmPack(...options) {
  const args = ['pack', '--ignore-scripts', '--json', '--loglevel=error', ...options]
  const [packed] = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8' }))
  return packed
}
