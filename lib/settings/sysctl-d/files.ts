/** Which files a reader of sysctl.d(5) takes, in its order, and what they say about the key. */

import {
  codeOf,
  errnoWords,
  isFile,
  listIn,
  look,
  piecesIn,
  resolveIn,
  textOf,
} from '../../machine/index.js'
import { globNames } from './glob.js'
import type { Entry, Grammar } from './grammars.js'
import { cutLines } from './lines.js'
import type { Placed } from './writes.js'

/** A file in the order of reading. */
export interface Listed {
  readonly path: string
  /** Files of lower precedence that it replaces, because they have the same name. */
  readonly hides: readonly string[]
}

/** All files that a reader takes, and sentences about those that it cannot. */
export interface Listing {
  readonly files: readonly Listed[]
  readonly problems: readonly string[]
  /** Whether a directory could not be read that the reader itself, as root, might. */
  readonly unknown: boolean
}

/** From the tree to the order of reading. */
export type Order = (root: string) => Listing

/** `CONF_PATHS()` of systemd, `PreloadSystem()` of procps. The last is the same as the one before. */
export const directories: readonly string[] = [
  '/etc/sysctl.d',
  '/run/sysctl.d',
  '/usr/local/lib/sysctl.d',
  '/usr/lib/sysctl.d',
  '/lib/sysctl.d',
]

const suffix = '.conf'

/** The names with the suffix in the directories that are there, each directory once. */
function listings(
  root: string,
  paths: readonly string[],
  hidden: boolean,
): Pick<Listing, 'problems' | 'unknown'> & {
  readonly found: readonly { readonly path: string; readonly names: readonly string[] }[]
} {
  const found = new Map<string, { readonly path: string; readonly names: readonly string[] }>()
  const problems: string[] = []
  let unknown = false
  for (const path of paths) {
    try {
      const place = resolveIn(root, path)
      const names = listIn(root, place).filter(
        (name) => name.endsWith(suffix) && (hidden || !name.startsWith('.')),
      )
      if (names.length > maxFiles) {
        problems.push(`${textOf(path)} has more than ${maxFiles} files; the others were not read.`)
        unknown = true
      }
      // By name, so that the same files are read each time.
      const read = names.length > maxFiles ? names.sort().slice(0, maxFiles) : names
      if (!found.has(place)) found.set(place, { path: place, names: read })
    } catch (error) {
      const code = codeOf(error)
      if (code === 'ENOENT') continue
      problems.push(`The directory ${textOf(path)} cannot be read: ${errnoWords(code)}.`)
      unknown ||= isHiddenFromUs(code)
    }
  }
  return { found: [...found.values()], problems, unknown }
}

/** What a reader does with names besides sorting them. */
interface Naming {
  /** Whether those that begin with a period count. */
  readonly hidden: boolean
  /** Whether each is taken for a pattern of glob(3) when its file is opened. */
  readonly globbed: boolean
  /** A file that is read after all others. */
  readonly last: string | null
}

/** All directories as one, sorted by the bytes of the names; the first that has a name has it. */
export function byName(
  paths: readonly string[],
  { hidden, globbed, last }: Naming = { hidden: false, globbed: false, last: null },
): Order {
  return (root) => {
    const { found, ...rest } = listings(root, paths, hidden)
    const byName = new Map<string, { path: string; hides: string[] }>()
    for (const directory of found) {
      for (const name of directory.names) {
        const path = `${directory.path}/${name}`
        const first = byName.get(name)
        if (first) first.hides.push(path)
        else byName.set(name, { path, hides: [] })
      }
    }
    const sorted: Listed[] = [...byName]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, listed]) => listed)
    const files = globbed ? sorted.flatMap((listed) => opened(root, listed, found)) : sorted
    if (last !== null && isFile(root, last)) files.push({ path: last, hides: [] })
    return { files, ...rest }
  }
}

/** The files that a name opens as a pattern, up to the first that cannot be opened. */
function opened(
  root: string,
  listed: Listed,
  directories: readonly { readonly path: string; readonly names: readonly string[] }[],
): Listed[] {
  const slash = listed.path.lastIndexOf('/')
  const name = listed.path.slice(slash + 1)
  if (!/[*?[{\\]/.test(name)) return [listed]
  const directory = listed.path.slice(0, slash)
  const { names = [] } = directories.find(({ path }) => path === directory) ?? {}
  const paths = globNames(name, names).map((each) => `${directory}/${each}`)
  const end = paths.findIndex((path) => ['error', 'socket'].includes(look(root, path).kind))
  return paths
    .slice(0, end < 0 ? undefined : end + 1)
    .map((path, at) => ({ path, hides: at === 0 ? listed.hides : [] }))
}

/**
 * Step by step, as a script does it: every regular file of a directory by name, unless one of the
 * same name is in a directory that hides it.
 */
export function stepByStep(
  steps: readonly { readonly path: string; readonly hiddenBy?: readonly string[] }[],
): Order {
  return (root) => {
    const files = new Map<string, { path: string; hides: string[] }>()
    const hidden: { readonly path: string; readonly by: string }[] = []
    const problems: string[] = []
    let unknown = false
    for (const { path, hiddenBy = [] } of steps) {
      if (path.endsWith(suffix)) {
        if (isFile(root, path)) files.set(path, { path, hides: [] })
        continue
      }
      const listed = listings(root, [path], false)
      problems.push(...listed.problems)
      unknown ||= listed.unknown
      for (const directory of listed.found) {
        for (const name of [...directory.names].sort()) {
          const own = `${directory.path}/${name}`
          const by = hiddenBy
            .map((other) => `${other}/${name}`)
            .find((other) => isFile(root, other))
          if (by !== undefined) hidden.push({ path: own, by })
          else if (isFile(root, own)) files.set(own, { path: own, hides: [] })
        }
      }
    }
    for (const { path, by } of hidden) files.get(by)?.hides.push(path)
    return { files: [...files.values()], problems, unknown }
  }
}

/** The files of one directory with the suffix, by name. */
export function listed(root: string, path: string): readonly string[] {
  return byName([path])(root).files.map((file) => file.path)
}

/** What a file says about the key. */
export interface Contents {
  readonly entries: readonly Placed[]
  readonly problems: readonly string[]
  /**
   * `file`: what it says cannot be told, though the reader might be able to. `all`: the reader
   * might never come to its end.
   */
  readonly unknown: 'file' | 'all' | null
}

/** A longer file is not read to its end; real ones have a few kilobytes. */
const maxBytes = 1 << 28
/** A file that names the key on more lines is not read to its end, because each line is told. */
const maxLines = 10_000
/** In a directory with more files, the others are not read. */
const maxFiles = 10_000

/** Reads a file as the reader with this grammar does. */
export function contents(root: string, path: string, grammar: Grammar): Contents {
  const name = textOf(path)
  const failed = (sentence: string, unknown: Contents['unknown'] = null): Contents => ({
    entries: [],
    problems: [sentence],
    unknown,
  })
  const found = look(root, path)
  switch (found.kind) {
    case 'null':
      return { entries: [], problems: [], unknown: null }
    case 'error':
      if (found.code === 'ENOENT') return { entries: [], problems: [], unknown: null }
      return failed(
        `${name} cannot be read: ${errnoWords(found.code)}.`,
        isHiddenFromUs(found.code) ? 'file' : null,
      )
    case 'directory':
      return failed(`${name} is a directory, so nothing is read from it.`)
    case 'socket':
      return failed(`${name} is a socket, so nothing is read from it.`)
    case 'fifo':
      return failed(
        `${name} is a FIFO: to open it waits until another process writes to it.`,
        'all',
      )
    case 'device':
      return failed(`${name} is a device, which is not read here.`, 'all')
    case 'file':
      try {
        return parse(name, path, piecesIn(root, found.path), grammar)
      } catch (error) {
        const code = codeOf(error)
        return failed(
          `${name} cannot be read: ${errnoWords(code)}.`,
          isHiddenFromUs(code) ? 'file' : null,
        )
      }
  }
}

/** The reader at boot runs as root, which may read what this process may not. */
function isHiddenFromUs(code: string): boolean {
  return code === 'EACCES' || code === 'EPERM'
}

function parse(
  name: string,
  file: string,
  pieces: Iterable<Buffer>,
  { cut, parse }: Grammar,
): Contents {
  const entries: Placed[] = []
  const problems: string[] = []
  const size = { read: 0 }
  for (const { number: line, text, tooLong } of cutLines(bounded(pieces, size), cut)) {
    if (tooLong) {
      problems.push(
        `${name}:${line} is longer than ${cut.limit - 1} bytes, so neither it nor what follows is read.`,
      )
      break
    }
    const parsed = parse(text)
    if (parsed === null) continue
    if (entries.length + problems.length === maxLines) {
      problems.push(`${name} names the key on more than ${maxLines} lines; only these were read.`)
      return { entries, problems, unknown: 'file' }
    }
    if ('mistake' in parsed) problems.push(`${name}:${line} ${shown(parsed.mistake)}.`)
    else entries.push({ ...(parsed satisfies Entry), file, line })
  }
  if (size.read <= maxBytes) return { entries, problems, unknown: null }
  problems.push(`${name} is longer than ${maxBytes} bytes, so only its beginning was read.`)
  return { entries, problems, unknown: 'file' }
}

function* bounded(pieces: Iterable<Buffer>, size: { read: number }): Generator<Buffer> {
  for (const piece of pieces) {
    size.read += piece.length
    if (size.read > maxBytes) return
    yield piece
  }
}

const maxShown = 100

function shown(bytes: string): string {
  return textOf(bytes.length > maxShown ? `${bytes.slice(0, maxShown)}...` : bytes)
}
