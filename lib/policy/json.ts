/** Where a text stops being JSON, and what would have been expected there. */
export interface JsonMistake {
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 units. */
  readonly column: number
  readonly expected: string
}

/** What is nested deeper is no policy, and would only use up the stack. */
const maxDepth = 32

/**
 * Reads JSON (RFC 8259). Unlike `JSON.parse` it always tells the place of a mistake, in the same
 * words in every version of Node, and takes an object that has a name twice for one: the second
 * would silently replace the first.
 */
export function parseJson(text: string): { readonly value: unknown } | JsonMistake {
  const reader = new Reader(text)
  try {
    return { value: reader.whole() }
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    const before = text.slice(0, error.at).split('\n')
    const column = (before.at(-1) ?? '').length + 1
    return { line: before.length, column, expected: error.message }
  }
}

class Stop extends Error {
  readonly at: number

  constructor(at: number, expected: string) {
    super(expected)
    this.at = at
  }
}

const literals: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
])

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  whole(): unknown {
    const value = this.#value(0)
    if (this.#at < this.#text.length) this.#stop('the end of the text')
    return value
  }

  #value(depth: number): unknown {
    if (depth > maxDepth) this.#stop(`at most ${maxDepth} levels`)
    this.#match(/[ \t\n\r]*/y)
    const value = this.#bare(depth)
    this.#match(/[ \t\n\r]*/y)
    return value
  }

  #bare(depth: number): unknown {
    if (this.#take('{')) return this.#object(depth)
    if (this.#take('[')) return this.#array(depth)
    if (this.#text[this.#at] === '"') return this.#string()
    const word = this.#match(/true|false|null/y)
    if (word !== null) return literals.get(word)
    const number = this.#match(/-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y)
    return number === null ? this.#stop('a value') : Number(number)
  }

  #object(depth: number): object {
    const entries = new Map<string, unknown>()
    this.#match(/[ \t\n\r]*/y)
    if (this.#take('}')) return {}
    do {
      this.#match(/[ \t\n\r]*/y)
      const begin = this.#at
      const name = this.#string()
      if (entries.has(name)) this.#stop('each name of an object only once', begin)
      this.#match(/[ \t\n\r]*/y)
      if (!this.#take(':')) this.#stop('":"')
      entries.set(name, this.#value(depth + 1))
    } while (this.#take(','))
    if (!this.#take('}')) this.#stop('"," or "}"')
    return Object.fromEntries(entries)
  }

  #array(depth: number): unknown[] {
    const values: unknown[] = []
    this.#match(/[ \t\n\r]*/y)
    if (this.#take(']')) return values
    do values.push(this.#value(depth + 1))
    while (this.#take(','))
    if (!this.#take(']')) this.#stop('"," or "]"')
    return values
  }

  #string(): string {
    if (this.#text[this.#at] !== '"') this.#stop('a text in double quotes')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON wants them escaped.
    const raw = this.#match(/"([^"\\\u0000-\u001f]|\\(["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y)
    return raw === null ? this.#stop('a text that ends and is escaped rightly') : JSON.parse(raw)
  }

  #take(character: string): boolean {
    const found = this.#text[this.#at] === character
    if (found) this.#at++
    return found
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at
    const [found] = pattern.exec(this.#text) ?? []
    if (found === undefined) return null
    this.#at += found.length
    return found
  }

  #stop(expected: string, at = this.#at): never {
    throw new Stop(at, expected)
  }
}
