import { createReadStream, lstatSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { errnoWords } from '../machine/index.js'

/** A stream of lines, and what to call it. */
export interface Source {
  readonly name: string
  readonly open: () => AsyncIterable<Buffer>
}

/** What cannot be read, and why. */
export interface Unreadable {
  readonly name: string
  readonly wrong: string
}

const suffix = /\.(json|ndjson|jsonl)$/
const chunkBytes = 256 * 1024

/**
 * The files that these paths stand for, in their order. Of a directory it is every file below it whose
 * name ends with .json, .ndjson or .jsonl and does not begin with a dot: such a one is not finished.
 * `-` is standard input.
 */
export function* sourcesOf(
  paths: readonly string[],
  standardInput: () => AsyncIterable<Buffer>,
): Iterable<Source | Unreadable> {
  for (const path of paths) {
    if (path === '-') yield { name: 'standard input', open: standardInput }
    else yield* below(path)
  }
}

function* below(path: string): Iterable<Source | Unreadable> {
  let names: string[] | null
  try {
    names = statSync(path).isDirectory() ? readdirSync(path).sort() : null
  } catch (error) {
    yield { name: path, wrong: wordsOf(error) }
    return
  }
  if (names === null) {
    yield { name: path, open: () => createReadStream(path, { highWaterMark: chunkBytes }) }
    return
  }
  for (const name of names) {
    const place = join(path, name)
    if (name.startsWith('.')) continue
    if (suffix.test(name) || isDirectory(place)) yield* below(place)
  }
}

/** Not a link to one, which could lead round in a circle. */
function isDirectory(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

/** Why a file could not be read. */
export function wordsOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (typeof code !== 'string') throw error
  return errnoWords(code)
}
