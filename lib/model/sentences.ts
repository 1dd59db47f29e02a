import { type Consent, consentRows } from './consents.js'
import { type Relation, relationRows } from './relations.js'

/** The target and what it consented to, within a sentence. */
export function namedTarget(relation: Relation, consent: Consent): string {
  return relationRows[relation].phrase + consentRows[consent].phrase
}

/** Text without characters that a terminal would obey. */
export function visible(text: string): string {
  return text.replace(/\p{C}/gu, '?')
}

/** Input in quotes, without characters that a terminal would obey. */
export function quote(text: string): string {
  return `'${visible(text)}'`
}
