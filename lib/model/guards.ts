/** Guards that tell the type of a word from outside. */

/** Whether a word is in a closed list; then its type says so. */
export function oneOf<const Word>(list: readonly Word[], word: unknown): word is Word {
  const known: readonly unknown[] = list
  return known.includes(word)
}

const prefix = 'user:'

/** Whether an identity or a tracer names a user of the machine. */
export function isUser(word: string): word is `user:${string}` {
  return word.startsWith(prefix)
}

/** The name of the user that an identity or a tracer names; null when it names none. */
export function userOf(word: string): string | null {
  return isUser(word) ? word.slice(prefix.length) : null
}

/** Whether properties can be read from a value. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
