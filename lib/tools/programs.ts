import { readdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import { basename, isAbsolute, join } from 'node:path'
import { matchName } from '../machine/index.js'
import type { ToolRow } from './table.js'

/** A file that is one of the tools. */
export interface Program {
  readonly row: ToolRow
  /** The name in the table; of a file found elsewhere, the file's own. */
  readonly name: string
  readonly path: string
  /** The same without links. */
  readonly realPath: string
  readonly stats: Stats
}

/** Searched after PATH: an ordinary user's PATH lacks some of them. */
const usualDirectories = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
]

/**
 * The tools of the table that are on this machine, each file once, in the order of the table. Files
 * are looked at, never run.
 *
 * @param searchPath - as in the environment variable PATH
 */
export function findPrograms(rows: readonly ToolRow[], searchPath: string): Program[] {
  const directories = new Set([...searchPath.split(':').filter(isAbsolute), ...usualDirectories])
  const inPath = [...directories].flatMap((directory) => inDirectory(rows, directory))
  const elsewhere = rows.flatMap((row) =>
    (row.places ?? []).flatMap(expand).flatMap((path) => programAt(row, basename(path), path)),
  )
  const files = new Set<string>()
  const found = [...inPath, ...elsewhere].filter(({ realPath }) => {
    const isNew = !files.has(realPath)
    files.add(realPath)
    return isNew
  })
  return rows.flatMap((row) => found.filter((program) => program.row === row))
}

function inDirectory(rows: readonly ToolRow[], directory: string): Program[] {
  const files = new Set(namesIn(directory))
  // `lldb` comes before `lldb-14`, to which it leads.
  const versioned = [...files].filter((file) => bareName(file) !== file).sort()
  return rows.flatMap((row) =>
    row.names.flatMap((name) =>
      [...(files.has(name) ? [name] : []), ...versioned.filter((file) => bareName(file) === name)]
        .map((file) => join(directory, file))
        .flatMap((path) => programAt(row, name, path)),
    ),
  )
}

/** A name without the version that it may end in. */
function bareName(file: string): string {
  return file.replace(/-\d+(\.\d+)*$/, '')
}

/** Libraries need not be executable, programs need. */
function programAt(row: ToolRow, name: string, path: string): Program[] {
  try {
    const stats = statSync(path)
    const isLibrary = /\.(a|so(\.\d+)*)$/.test(path)
    if (!stats.isFile() || (!isLibrary && (stats.mode & 0o111) === 0)) return []
    return [{ row, name, path, realPath: realpathSync(path), stats }]
  } catch {
    return []
  }
}

/** The paths that a pattern stands for, as far as its directories can be read. */
function expand(pattern: string): string[] {
  const [, ...parts] = pattern.split('/')
  return parts.reduce<string[]>(
    (paths, part) =>
      paths.flatMap((path) => {
        if (!part.includes('*')) return [`${path}/${part}`]
        return namesIn(path || '/')
          .filter((name) => matchName(part, name))
          .map((name) => `${path}/${name}`)
      }),
    [''],
  )
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).sort()
  } catch {
    return []
  }
}
