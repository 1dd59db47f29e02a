import { closeSync, openSync, readSync } from 'node:fs'

/**
 * The interpreter of a script; null: it is none, or cannot be read. The kernel takes ids and
 * capabilities from the file of the interpreter, and not from that of the script (execve(2)).
 */
export function interpreterOf(path: string): string | null {
  const start = Buffer.alloc(256)
  try {
    const file = openSync(path, 'r')
    try {
      readSync(file, start)
    } finally {
      closeSync(file)
    }
  } catch {
    // A user that may run a file need not be allowed to read it.
    return null
  }
  return /^#![ \t]*([^ \t\n\0]+)/.exec(start.toString('latin1'))?.[1] ?? null
}
