import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  type Stats,
} from 'node:fs'
import { invalidArgument, quote } from '../model/index.js'
import { textOf } from './bytes.js'

// Files below a directory that stands for the root of a machine, such as an unpacked image. Links
// lead to where they would after chroot(2): never out of that directory. A process that changes the tree
// while it is read can still lead a path astray.
//
// Paths are strings of bytes here, see `lib/machine/bytes.ts`.

/** How many links the kernel follows in one path (MAXSYMLINKS, path_resolution(7)). */
const maxLinks = 40

/** A path that leads nowhere, or to something that cannot be read. */
export class PathError extends Error {
  override readonly name = 'PathError'
  /** As Node names it: `ENOENT`, `ENOTDIR`, `ELOOP`, `EACCES`; `EFBIG`: larger than asked for. */
  readonly code: string
  /** Where the path leads to below the root, with every link followed as far as there are any. */
  readonly path: string

  constructor(code: string, path: string) {
    super(`${code}: ${textOf(path)}`)
    this.code = code
    this.path = path
  }
}

/**
 * The path below `root` that `path` leads to once every link is followed, with the root as chroot(2)
 * would set it: `..` and absolute links stay inside.
 *
 * @param root - the directory that stands for the root, a path of this machine
 * @param path - an absolute path below it, as bytes
 * @throws PathError with the code and path of what stopped it
 */
export function resolveIn(root: string, path: string): string {
  const rest = path.split('/').reverse()
  let resolved = ''
  let links = 0
  while (rest.length > 0) {
    const name = rest.pop()
    if (name === undefined || name === '' || name === '.') continue
    if (name === '..') {
      resolved = resolved.slice(0, Math.max(resolved.lastIndexOf('/'), 0))
      continue
    }
    const next = `${resolved}/${name}`
    const whole = () => [next, ...[...rest].reverse()].join('/')
    const stats = call(whole, () => lstatSync(onHost(root, next)))
    if (stats.isSymbolicLink()) {
      if (++links > maxLinks) throw new PathError('ELOOP', whole())
      const target = call(whole, () =>
        readlinkSync(onHost(root, next), 'buffer').toString('latin1'),
      )
      if (target.startsWith('/')) resolved = ''
      rest.push(...target.split('/').reverse())
    } else if (!stats.isDirectory() && rest.length > 0) {
      throw new PathError('ENOTDIR', whole())
    } else {
      resolved = next
    }
  }
  return resolved === '' ? '/' : resolved
}

/**
 * A directory that may stand for the root, with no link on its path.
 *
 * @throws TypeError `ERR_INVALID_ARG_VALUE` when it is missing, cannot be read or is none
 */
export function openRoot(directory: string): string {
  try {
    const root = realpathSync.native(directory)
    readdirSync(root)
    return root
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'EIO'
    throw invalidArgument(
      'value',
      `The root ${quote(directory)} is not a directory that can be read: ${errnoWords(code)}`,
    )
  }
}

const words: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  ENOTDIR: 'not a directory',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ELOOP: 'too many links, or a loop of them',
  ENAMETOOLONG: 'the name is too long',
  EIO: 'input/output error',
}

/** An error in words, as strerror(3) has them. */
export function errnoWords(code: string): string {
  return words[code] ?? code
}

/** What `path` leads to; a link at its end is followed. */
export function statIn(root: string, path: string): Stats {
  const resolved = resolveIn(root, path)
  return call(
    () => resolved,
    () => lstatSync(onHost(root, resolved)),
  )
}

/** Whether `path` leads to something; also where that cannot be told for want of permission. */
export function existsIn(root: string, path: string): boolean {
  try {
    resolveIn(root, path)
    return true
  } catch (error) {
    return !(error instanceof PathError && ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(error.code))
  }
}

/** The names in a directory, as bytes and in no order. */
export function listIn(root: string, path: string): string[] {
  const resolved = resolveIn(root, path)
  const names = call(
    () => resolved,
    () => readdirSync(onHost(root, resolved), { encoding: 'buffer' }),
  )
  return names.map((name) => name.toString('latin1'))
}

/** What a link says, as it is written there. */
export function linkIn(root: string, path: string): string {
  const slash = path.lastIndexOf('/')
  const place = `${resolveIn(root, path.slice(0, slash) || '/')}${path.slice(slash)}`
  return call(
    () => place,
    () => readlinkSync(onHost(root, place), 'buffer').toString('latin1'),
  )
}

/**
 * The content of a regular file of any size, in pieces; each is valid until the next is asked for.
 *
 * @throws PathError with the code and path of what stopped it; `EINVAL` for what is no regular file
 */
export function* piecesIn(root: string, path: string): Generator<Buffer> {
  const resolved = resolveIn(root, path)
  const file = call(
    () => resolved,
    () => openRegular(root, resolved),
  )
  try {
    const buffer = Buffer.allocUnsafe(1 << 16)
    for (;;) {
      const length = call(
        () => resolved,
        () => readSync(file, buffer),
      )
      if (length === 0) return
      yield buffer.subarray(0, length)
    }
  } finally {
    closeSync(file)
  }
}

/** Without waiting, whatever has taken the place of the file since it was looked at. */
function openRegular(root: string, resolved: string): number {
  const place = onHost(root, resolved)
  if (!lstatSync(place).isFile()) throw new PathError('EINVAL', resolved)
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants
  return openSync(place, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
}

/**
 * A regular file's content. Nothing else is opened, for that alone may wait for somebody (a FIFO) or
 * do something (a device).
 *
 * @param limit - the most bytes that are read; a larger file is an error (`EFBIG`)
 * @throws PathError with the code and path of what stopped it; `EINVAL` for what is no regular file
 */
export function readIn(root: string, path: string, limit: number): Buffer {
  const resolved = resolveIn(root, path)
  return call(
    () => resolved,
    () => {
      const file = openRegular(root, resolved)
      try {
        const { size } = fstatSync(file)
        if (size > limit) throw new PathError('EFBIG', resolved)
        return readAll(file, size, limit) ?? raise(new PathError('EFBIG', resolved))
      } finally {
        closeSync(file)
      }
    },
  )
}

/** The rest of a file, whose size may be a lie (proc(5) has files of size 0); null: over the limit. */
function readAll(file: number, size: number, limit: number): Buffer | null {
  const chunks: Buffer[] = []
  let total = 0
  while (total <= limit) {
    const chunk = Buffer.allocUnsafe(Math.max(size - total, 4096))
    const length = readSync(file, chunk)
    if (length === 0) return Buffer.concat(chunks)
    chunks.push(chunk.subarray(0, length))
    total += length
  }
  return null
}

/** The path by which this machine knows a path below the root that has no links. */
export function onHost(root: string, resolved: string): Buffer {
  return Buffer.concat([Buffer.from(root), Buffer.from(resolved, 'latin1')])
}

function call<T>(path: () => string, what: () => T): T {
  try {
    return what()
  } catch (error) {
    if (error instanceof Error && 'code' in error && !(error instanceof PathError)) {
      throw new PathError(String(error.code), path())
    }
    throw error
  }
}

function raise(error: Error): never {
  throw error
}
