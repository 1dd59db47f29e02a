import { type Consent, consentRows } from './consents.js'
import { type Relation, relationRows } from './relations.js'
import { namedTracer, type TracerName } from './tracers.js'

/** The target and what it consented to, within a sentence. */
export function namedTarget(relation: Relation, consent: Consent): string {
  return relationRows[relation].phrase + consentRows[consent].phrase
}

/** The tracer, within a sentence. */
export function tracerWords(tracer: TracerName): string {
  const named = namedTracer(tracer)
  switch (named?.kind) {
    case 'self':
      return 'this process'
    case 'child':
      return 'a debugger that this process starts'
    case 'user':
      return `a process of user ${named.user}`
    case 'pid':
      return `process ${named.pid}`
    case 'program':
      return `${visible(named.path)}, started from here,`
    case 'stranger':
    case undefined:
      return 'an unrelated process of this user'
    default:
      return named satisfies never
  }
}

/**
 * Text on one line, with nothing in it that a terminal obeys: control and format characters, such
 * as ESC and U+202E, and the separators U+2028 and U+2029 become question marks.
 */
export function visible(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?')
}

/** The items as one phrase: `a, b and c`. */
export function list(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? ''
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

/** Text that begins with a capital letter. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Input in quotes, without characters that a terminal would obey. */
export function quote(text: string): string {
  return `'${visible(text)}'`
}

/** A word as a shell takes it, on one line. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${visible(text).replaceAll("'", "'\\''")}'`
}
