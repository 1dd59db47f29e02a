import { randomBytes } from 'node:crypto'
import { chmodSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/**
 * Writes a file so that a reader finds either its old content or all of the new one: into a temporary
 * file beside it, which then takes its name. A device or a pipe is written to as it is.
 */
export function writeOutputFile(path: string, text: string): void {
  const existing = statSync(path, { throwIfNoEntry: false })
  if (existing !== undefined && !existing.isFile()) {
    writeFileSync(path, text)
    return
  }
  // A symbolic link stays one: its target is replaced.
  const target = existing === undefined ? path : realpathSync(path)
  const name = `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`
  const temporary = join(dirname(target), name)
  try {
    writeFileSync(temporary, text, { flag: 'wx' })
    if (existing !== undefined) chmodSync(temporary, existing.mode)
    renameSync(temporary, target)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}
