import { basename } from 'node:path'
import type { UnreadDatabase } from '../../model/index.js'
import { textOf } from '../bytes.js'
import { existsIn, PathError, resolveIn } from '../rootfs.js'
import { apk } from './apk.js'
import { fileLimit, type PackageDatabase } from './database.js'
import { dpkg } from './dpkg.js'
import { pacman } from './pacman.js'
import { rpm } from './rpm.js'

/** The package databases that are known. */
const databases: readonly PackageDatabase[] = [dpkg, rpm, pacman, apk]

/** Which packages brought some files. */
export interface Owners {
  /** By file; `null`: no package that could be asked owns it. */
  readonly of: ReadonlyMap<string, string | null>
  /** Databases that are there but could not be read. Unless there are none, `null` proves nothing. */
  readonly unread: readonly UnreadDatabase[]
}

/** What is installed. */
export interface InstalledPackages {
  /** Version by name. */
  readonly versions: ReadonlyMap<string, string>
  /** Databases that are there but could not be read. */
  readonly unread: readonly UnreadDatabase[]
}

/**
 * The packages that own files, by the package databases below `root`. Nothing there is run or
 * changed, and nothing outside of it is read.
 *
 * @param files - absolute paths below the root, as bytes (`lib/machine/rootfs.ts`). A path need not be spelt
 *   as the package spells it: /lib/x is /usr/lib/x where one directory is a link to the other.
 */
export async function ownersOf(
  files: readonly string[],
  root = '/',
  signal?: AbortSignal,
): Promise<Owners> {
  const of = new Map<string, string | null>(files.map((file) => [file, null]))
  const wanted = new Map<string, string[]>()
  for (const file of files) {
    const name = basename(file)
    wanted.set(name, [...(wanted.get(name) ?? []), file])
  }
  const unread = await askAll(root, signal, async (database) => {
    for (const { name, paths } of await database.files(root, files, signal)) {
      for (const path of paths) {
        for (const file of wanted.get(basename(path)) ?? []) {
          if (of.get(file) === null && samePath(root, file, path)) of.set(file, name)
        }
      }
    }
  })
  return { of, unread }
}

/** The versions of all packages that are installed below `root`. */
export async function installedPackages(
  root = '/',
  signal?: AbortSignal,
): Promise<InstalledPackages> {
  const versions = new Map<string, string>()
  const unread = await askAll(root, signal, async (database) => {
    for (const [name, version] of await database.versions(root, signal)) versions.set(name, version)
  })
  return { versions, unread }
}

/** Asks each database that is there, and tells which of them failed. */
async function askAll(
  root: string,
  signal: AbortSignal | undefined,
  ask: (database: PackageDatabase) => Promise<void>,
): Promise<UnreadDatabase[]> {
  const unread: UnreadDatabase[] = []
  for (const database of databases) {
    if (!database.places.some((place) => existsIn(root, place))) continue
    try {
      await ask(database)
    } catch (error) {
      signal?.throwIfAborted()
      unread.push({ name: database.name, reason: reasonOf(error) })
    }
  }
  signal?.throwIfAborted()
  return unread
}

function reasonOf(error: unknown): string {
  if (error instanceof PathError && error.code === 'EFBIG') {
    return `${textOf(error.path)} is larger than the limit of ${fileLimit} bytes`
  }
  return error instanceof Error ? error.message : String(error)
}

/** Whether two paths with the same last name are one: links before it are followed, itself it may be one. */
function samePath(root: string, a: string, b: string): boolean {
  return a === b || directoryOf(root, a) === directoryOf(root, b)
}

function directoryOf(root: string, path: string): string {
  const directory = path.slice(0, path.lastIndexOf('/'))
  try {
    return resolveIn(root, directory)
  } catch {
    return directory
  }
}
