import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bin } from './cli.js'

/** A directory for PATH in which the built command has its name. */
export function commandIn(directory: string, node = process.execPath): string {
  const path = join(directory, 'ptrace-probe')
  writeFileSync(path, `#!/bin/sh\nexec '${node}' '${bin}' "$@"\n`)
  chmodSync(path, 0o755)
  return directory
}
