import { inspect } from 'node:util'
import type { BaseIssue } from 'valibot'
import { visible } from '../model/index.js'

/** What is wrong with a value that came from outside. */
export interface Mistake {
  /** A JSON pointer (RFC 6901) to the place; empty for the whole. */
  readonly path: string
  /** Completes "expected …". */
  readonly expected: string
  /** What is there instead; undefined: nothing. */
  readonly found?: unknown
}

/** The first issue that valibot reports. Each message of our schemas completes "expected …". */
export function firstMistake([issue]: readonly [BaseIssue<unknown>, ...unknown[]]): Mistake {
  const keys = issue.path?.map(({ key }) => String(key)) ?? []
  const path = keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
  // An unknown field is wrong by its name, and a whole that contradicts itself by all its fields.
  const isByItself = path === '' || issue.expected === 'never'
  return { path, expected: issue.message, ...(isByItself ? {} : { found: issue.input }) }
}

/** Whether it is a mistake, and not what was asked for. */
export function isMistake(value: object): value is Mistake {
  return 'expected' in value && 'path' in value
}

/** Where it is, what was expected and what is there, as one clause. */
export function sentenceOf({ path, expected, found }: Mistake): string {
  const place = path === '' ? '' : `${visible(path)}: `
  return `${place}expected ${expected}${found === undefined ? '' : `, got ${shown(found)}`}`
}

/** A value, cut to what fits into a sentence, with nothing in it that a terminal obeys. */
export function shown(value: unknown): string {
  const text = visible(
    typeof value === 'string'
      ? JSON.stringify(value)
      : inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 20 }),
  )
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
