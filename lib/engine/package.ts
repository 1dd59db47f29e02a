import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

// Jest knows only the address of a module.
const here = import.meta.dirname ?? dirname(fileURLToPath(import.meta.url))

/** Where this package is: its sources and its build lie at different depths below. */
export const packageRoot = rootAbove(here)

function rootAbove(directory: string): string {
  const parent = dirname(directory)
  if (parent === directory || existsSync(join(parent, 'package.json'))) return parent
  return rootAbove(parent)
}

/** The version of this package. */
export function version(): string {
  const text = readFileSync(join(packageRoot, 'package.json'), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
