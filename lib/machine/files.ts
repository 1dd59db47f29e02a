import { readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Files of a machine, by their paths on it. */
export interface Files {
  /** The content, or null: absent, unreadable, or not mounted. */
  readonly read: (path: string) => string | null
  /** Where a link leads, as it is written. */
  readonly link: (path: string) => string | null
}

/** The file's content, or null: absent, unreadable, or not mounted. */
export function read(root: string, path: string): string | null {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch {
    return null
  }
}

/** Where a link leads, as it is written; or null. */
export function link(root: string, path: string): string | null {
  try {
    return readlinkSync(join(root, path))
  } catch {
    return null
  }
}

/** Whether there is such a file; null where that is not to be seen. */
export function isThere(root: string, path: string): boolean | null {
  try {
    statSync(join(root, path))
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? false : null
  }
}

export function filesBelow(root: string): Files {
  return { read: (path) => read(root, path), link: (path) => link(root, path) }
}
