import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

// Jest knows only the address of a module.
const here = import.meta.dirname ?? dirname(fileURLToPath(import.meta.url))

/** Where this package is: its sources and its build are both one level below. */
export const packageRoot = dirname(here)
