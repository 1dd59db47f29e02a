import { readFileSync } from 'node:fs'
import { invalidArgument, quote } from '../model/index.js'
import { type Measured, readEither } from './shape.js'
import { wordsOf } from './sources.js'

/** A file is one report or envelope; nothing of that size is. */
const maxBytes = 16 * 1024 * 1024

/**
 * Reads a report or an envelope from a file.
 *
 * @throws TypeError with one sentence that names the file and what is wrong with it
 */
export function readMeasured(path: string): Measured {
  const wrong = (what: string) => invalidArgument('value', `file ${quote(path)}: ${what}`)
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw wrong(wordsOf(error))
  }
  if (bytes.length > maxBytes) throw wrong('expected a report or an envelope, got more than 16 MiB')
  const read = readEither(jsonOf(bytes.toString(), wrong))
  if ('wrong' in read) throw wrong(`expected a report or an envelope, ${read.wrong}`)
  return read.value
}

function jsonOf(text: string, wrong: (what: string) => Error): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw wrong('expected a report or an envelope as JSON')
  }
}
