/** A root of a machine that a property fills again each time. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const root = mkdtempSync(join(tmpdir(), 'ptrace-probe-fuzz-'))
process.on('exit', () => rmSync(root, { recursive: true, force: true }))

/** A root with these files; their contents are bytes, Latin-1. */
export function machineOf(files: Readonly<Record<string, string>>): string {
  rmSync(root, { recursive: true, force: true })
  mkdirSync(root)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true })
    writeFileSync(join(root, path), text, 'latin1')
  }
  return root
}
