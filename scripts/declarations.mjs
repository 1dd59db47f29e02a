// The declarations that users of the library meet; the others are left out of the package.

import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Removes from a directory every declaration file that index.d.ts does not lead to. */
export function keepPublicDeclarations(directory) {
  const reached = new Set([join(directory, 'index.d.ts')])
  // The set grows while it is walked through.
  for (const file of reached) {
    const text = readFileSync(file, 'utf8')
    for (const [, path] of text.matchAll(/(?:\bfrom |\bimport\()'(\.[^']+)\.js'/g)) {
      reached.add(join(dirname(file), `${path}.d.ts`))
    }
  }
  for (const name of readdirSync(directory, { recursive: true })) {
    const file = join(directory, name)
    if (name.endsWith('.d.ts') && !reached.has(file)) rmSync(file)
  }
}
