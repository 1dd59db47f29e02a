import type { Policy, Scope } from '../model/index.js'
import {
  contradiction,
  parseRelation,
  parseScopes,
  type RelationExpectation,
} from './expectation.js'

/** What is wrong with a policy. */
export interface PolicyMistake {
  /** A JSON pointer (RFC 6901) to the place; empty for the whole. */
  readonly path: string
  /** Completes "expected …". */
  readonly expected: string
  /** What is there instead; undefined: nothing. */
  readonly found?: unknown
}

/** How the value of a field has to look; answers what was expected instead. */
type Check = (value: unknown) => string | null

const line: (most: number) => Check = (most) => (value) =>
  typeof value === 'string' && value !== '' && [...value].length <= most && !/\p{C}/u.test(value)
    ? null
    : `one line of text, at most ${most} characters`
const matching: (pattern: RegExp, words: string) => Check = (pattern, words) => (value) =>
  typeof value === 'string' && pattern.test(value) ? null : words
const orNull: (check: Check) => Check = (check) => (value) => (value === null ? null : check(value))

/** THE fields of a policy, as `schema/policy.json` has them. */
const fields: Readonly<Record<string, Check>> = {
  schemaVersion: (value) => (value === 1 ? null : 'the number 1'),
  id: matching(
    /^[a-z][a-z0-9-]{0,63}$/,
    'a name of lower-case letters, digits and -, a letter first',
  ),
  title: line(200),
  source: orNull(line(500)),
  date: orNull(matching(/^\d{4}(-\d{2}(-\d{2})?)?$/, 'a date as YYYY, YYYY-MM or YYYY-MM-DD')),
  scope: (value) =>
    value === null || typeof value === 'string' || (Array.isArray(value) && value.length > 0)
      ? null
      : 'an expression such as ">=1" or a list of scopes such as [1, 2]',
  relations: (value) => (Array.isArray(value) ? null : 'a list such as ["sibling=denied"]'),
}

/** Checks a policy that came from outside and fills in what may be left out. */
export function checkPolicy(value: unknown): Policy | PolicyMistake {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { path: '', expected: 'an object', found: value }
  }
  const given: Readonly<Record<string, unknown>> = { ...value }
  for (const [name, found] of Object.entries(given)) {
    const path = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (!Object.hasOwn(fields, name)) {
      return { path, expected: `one of the fields ${Object.keys(fields).join(', ')}` }
    }
    if (found === undefined) continue
    const expected = fields[name]?.(found) ?? null
    if (expected !== null) return { path, expected, found }
  }
  const { id, title, source, date, scope, relations = [] } = given
  if (id === undefined) return { path: '/id', expected: 'the name of the policy' }
  const accepted = checkScope(scope)
  if (isMistake(accepted)) return accepted
  const expectations = checkRelations(relations as readonly unknown[])
  if (isMistake(expectations)) return expectations
  if (accepted === null && expectations.length === 0) {
    return { path: '', expected: 'scope, relations or both, for otherwise nothing is asked for' }
  }
  const clash = contradiction(accepted, expectations)
  if (clash !== null) return { path: '', expected: `what some machine can meet; ${clash}` }
  return {
    id: id as string,
    title: (title ?? id) as string,
    source: (source ?? null) as string | null,
    date: (date ?? null) as string | null,
    scope: accepted,
    relations: relations as readonly string[],
  }
}

/** Whether it is a mistake, and not what was asked for. */
export function isMistake(value: unknown): value is PolicyMistake {
  return typeof value === 'object' && value !== null && 'expected' in value && 'path' in value
}

/** Where it is, what was expected and what is there, as one clause. */
export function sentenceOf({ path, expected, found }: PolicyMistake): string {
  const place = path === '' ? '' : `${path.replace(/\p{C}/gu, '?')}: `
  return `${place}expected ${expected}${found === undefined ? '' : `, got ${shown(found)}`}`
}

/** A value as JSON has it, cut to what fits into a sentence, and nothing that a terminal obeys. */
export function shown(value: unknown): string {
  const text = (JSON.stringify(value) ?? String(value)).replace(/\p{C}/gu, '?')
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

function checkScope(value: unknown): readonly Scope[] | null | PolicyMistake {
  if (value === undefined || value === null) return null
  if (typeof value === 'string') {
    const read = parseScopes(value)
    return 'wanted' in read ? { path: '/scope', expected: read.wanted, found: value } : read
  }
  const listed = value as readonly unknown[]
  const wrong = listed.findIndex((scope) => ![0, 1, 2, 3].includes(scope as number))
  if (wrong >= 0) {
    return { path: `/scope/${wrong}`, expected: 'a number from 0 to 3', found: listed[wrong] }
  }
  return [...new Set(listed as readonly Scope[])].sort((a, b) => a - b)
}

function checkRelations(
  listed: readonly unknown[],
): readonly RelationExpectation[] | PolicyMistake {
  const read: RelationExpectation[] = []
  for (const [i, text] of listed.entries()) {
    const one = typeof text === 'string' ? parseRelation(text) : { wanted: 'a text' }
    if ('wanted' in one) return { path: `/relations/${i}`, expected: one.wanted, found: text }
    read.push(one)
  }
  return read
}
