import type { Stats } from 'node:fs'
import { resolve } from 'node:path'
import { bytesOf, PathError, readIn, statIn } from '../machine/index.js'
import { invalidArgument, type Policy, visible } from '../model/index.js'
import { checkPolicy } from './check.js'
import { isMistake, sentenceOf } from './mistake.js'

/** A policy has a few lines; a longer file is not one. */
const maxBytes = 64 * 1024

/**
 * Reads a policy from a file.
 *
 * @throws TypeError with one sentence that names the file and, where it is known, the place in it
 */
export function readPolicyFile(path: string): Policy {
  const name = `'${visible(path)}'`
  const wrong = (what: string) => invalidArgument('value', `policy file ${name}: ${what}`)
  const checked = checkPolicy(jsonOf(textOf(path, wrong), wrong), `file:${path}`)
  if (isMistake(checked)) throw wrong(sentenceOf(checked))
  return checked
}

function jsonOf(text: string, wrong: (what: string) => Error): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw wrong(`${placeOf(error.message, text)}expected JSON: ${visible(error.message)}`)
  }
}

/** Where JSON.parse stopped. Some of its messages, which differ by version, do not say. */
function placeOf(message: string, text: string): string {
  const [, position] = /at position (\d+)/.exec(message) ?? []
  const isEnd = message === 'Unexpected end of JSON input'
  if (position === undefined && !isEnd) return ''
  const before = text.slice(0, isEnd ? text.length : Number(position)).split('\n')
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}: `
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
