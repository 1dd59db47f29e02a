/** Which files a reader of sysctl.d(5) takes, and in which order. */

import {
  codeOf,
  errnoWords,
  globNames,
  isFile,
  listIn,
  look,
  resolveIn,
  textOf,
} from '../../machine/index.js'
import { isHiddenFromUs } from './unreadable.js'

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

/** In a directory with more files, the others are not read. */
const maxFiles = 10_000

/** How many times two characters are compared to find what the names that are patterns open: a second. */
const maxComparisons = 100_000_000

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
      const read = names.sort().slice(0, maxFiles)
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
    const { found, problems, unknown } = listings(root, paths, hidden)
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
    const whole = globbed ? openAll(root, sorted, found) : { files: sorted, problems: [] }
    const files = [...whole.files]
    if (last !== null && isFile(root, last)) files.push({ path: last, hides: [] })
    return {
      files,
      problems: [...problems, ...whole.problems],
      unknown: unknown || whole.problems.length > 0,
    }
  }
}

interface Directory {
  readonly path: string
  /** Sorted by their bytes. */
  readonly names: readonly string[]
}

/** The files that all names open, each as a pattern. */
function openAll(
  root: string,
  sorted: readonly Listed[],
  directories: readonly Directory[],
): Pick<Listing, 'files' | 'problems'> {
  const files: Listed[] = []
  let comparisons = maxComparisons
  for (const listed of sorted) {
    const slash = listed.path.lastIndexOf('/')
    const name = listed.path.slice(slash + 1)
    if (!/[*?[{\\]/.test(name)) {
      files.push(listed)
      continue
    }
    const directory = listed.path.slice(0, slash)
    const { names = [] } = directories.find(({ path }) => path === directory) ?? {}
    const found = globNames(name, names, comparisons)
    if (found === null) {
      const problem = `${textOf(listed.path)} is opened as a pattern, and there are too many names to compare; it and the files after it were not read.`
      return { files, problems: [problem] }
    }
    comparisons -= found.comparisons
    const paths = found.names.map((each) => `${directory}/${each}`)
    // It reads up to the first that cannot be opened.
    const end = paths.findIndex((path) => ['error', 'socket'].includes(look(root, path).kind))
    for (const [at, path] of paths.slice(0, end < 0 ? undefined : end + 1).entries()) {
      files.push({ path, hides: at === 0 ? listed.hides : [] })
    }
  }
  return { files, problems: [] }
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
