import type { Stats } from 'node:fs'
import { resolve } from 'node:path'
import { bytesOf, PathError, readIn, statIn } from '../machine/index.js'
import { invalidArgument, type Policy } from '../model/index.js'
import { checkPolicy } from './check.js'
import { parseJson } from './json.js'
import { isMistake, sentenceOf } from './mistake.js'

/** A policy has a few lines; what is longer is another file. */
const maxBytes = 64 * 1024

/**
 * Reads a policy from a file.
 *
 * @throws TypeError with one sentence that names the file and the place in it
 */
export function readPolicyFile(path: string): Policy {
  const name = `'${path.replace(/\p{C}/gu, '?')}'`
  const wrong = (what: string) => invalidArgument('value', `policy file ${name}: ${what}`)
  const read = parseJson(textOf(path, wrong))
  if (!('value' in read)) {
    throw wrong(`line ${read.line}, column ${read.column}: expected ${read.expected}`)
  }
  const checked = checkPolicy(read.value)
  if (isMistake(checked)) throw wrong(sentenceOf(checked))
  return checked
}

function textOf(path: string, wrong: (what: string) => Error): string {
  try {
    const bytes = readIn('', bytesOf(resolve(path)), maxBytes)
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (!(error instanceof PathError)) throw wrong('expected UTF-8')
    const reason = reasons[error.code] ?? `it cannot be read: ${error.code}`
    throw wrong(error.code === 'EINVAL' ? `${reason}${kindOf(path)}` : reason)
  }
}

const reasons: Readonly<Record<string, string>> = {
  EINVAL: 'expected a regular file, but it is ',
  EFBIG: `expected at most ${maxBytes} bytes, but it is larger`,
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'this user may not read it',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
}

const kinds = [
  ['isDirectory', 'a directory'],
  ['isFIFO', 'a FIFO'],
  ['isSocket', 'a socket'],
] as const satisfies readonly (readonly [keyof Stats, string])[]

function kindOf(path: string): string {
  const stats = statIn('', bytesOf(resolve(path)))
  return kinds.find(([is]) => stats[is]())?.[1] ?? 'a device'
}
