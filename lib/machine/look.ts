/** Reads files below a root; a missing file is a result, not an exception. */

import type { Stats } from 'node:fs'
import { textOf } from './bytes.js'
import { linkIn, PathError, readIn, resolveIn, statIn } from './rootfs.js'

/** What stands at a path when every link is followed. */
export type Seen =
  | {
      /** `null`: /dev/null. `device`: any other. */
      readonly kind: 'file' | 'directory' | 'null' | 'device' | 'fifo' | 'socket'
      /** Without links. */
      readonly path: string
    }
  | { readonly kind: 'error'; readonly code: string }

/** What a path leads to. */
export function look(root: string, path: string): Seen {
  try {
    const resolved = resolveIn(root, path)
    return { kind: kindOf(statIn(root, resolved)), path: resolved }
  } catch (error) {
    return { kind: 'error', code: codeOf(error) }
  }
}

/** Major 1, minor 3 (Documentation/admin-guide/devices.txt). */
const devNull = 0x103

function kindOf(stats: Stats): Exclude<Seen['kind'], 'error'> {
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'directory'
  if (stats.isFIFO()) return 'fifo'
  if (stats.isSocket()) return 'socket'
  return stats.isCharacterDevice() && stats.rdev === devNull ? 'null' : 'device'
}

/** The errno of a failure, by its name. */
export function codeOf(error: unknown): string {
  if (error instanceof PathError) return error.code
  throw error
}

export function isFile(root: string, path: string): boolean {
  return look(root, path).kind === 'file'
}

export function isDirectory(root: string, path: string): boolean {
  return look(root, path).kind === 'directory'
}

/** Where a link leads, as it is written; null when there is none. */
export function linkAt(root: string, path: string): string | null {
  try {
    return textOf(linkIn(root, path))
  } catch (error) {
    codeOf(error)
    return null
  }
}

/** More than any small file of a system has. */
const limit = 1 << 20

/** The text of a small regular file; null when there is none that can be read. */
export function textAt(root: string, path: string): string | null {
  try {
    return readIn(root, path, limit).toString()
  } catch (error) {
    codeOf(error)
    return null
  }
}
