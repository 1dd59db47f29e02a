/** What a file says about the key. */

import { codeOf, errnoWords, look, piecesIn, textOf } from '../../machine/index.js'
import type { Entry, Grammar } from './grammars.js'
import { cutLines } from './lines.js'
import { isHiddenFromUs } from './unreadable.js'
import type { Placed } from './writes.js'

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
    default:
      return found satisfies never
  }
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
