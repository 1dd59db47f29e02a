import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'

/** The group and the others may write. */
const writable = 0o022

/**
 * What a file says that this user alone can have written; null: there is none. Another user's file could
 * say anything.
 */
export function readOwnFile(path: string, uid: number): string | null {
  let descriptor: number | null = null
  try {
    // Opening a pipe must not wait for its other end.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
    descriptor = openSync(path, flags)
    const stats = fstatSync(descriptor)
    const isOwn = stats.isFile() && stats.uid === uid && (stats.mode & writable) === 0
    return isOwn ? readFileSync(descriptor, 'utf8') : null
  } catch {
    return null
  } finally {
    if (descriptor !== null) closeSync(descriptor)
  }
}

/** Puts a file of this user alone in that place, all at once. */
export function writeOwnFile(path: string, text: string, pid: number): void {
  const temporary = `${path}.${pid}.tmp`
  try {
    writeFileSync(temporary, text, { flag: 'wx', mode: 0o600 })
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}
