// Node with the addon's own reading of arguments, to be fuzzed: node arguments.mjs ADDON OPTION...
// Bytes become values: most are right, so that what is behind the first check is reached.

import { enums } from '../../lib/engine/words.js'

const [, , addon = '', ...options] = process.argv

/** Answers questions with the bytes of an input; 0 when there are no more. */
class Bytes {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  next(): number {
    return this.#bytes[this.#at++] ?? 0
  }

  pick<T>(all: readonly T[]): T | undefined {
    return all[this.next() % all.length]
  }

  list<T>(make: () => T): T[] {
    const how = this.next()
    // Now and then more than fits.
    const length = how < 240 ? how % 5 : how * 20
    const item = make()
    return Array.from({ length }, (_, i) => (i < 8 ? make() : item))
  }

  number(): number {
    const how = this.next()
    if (how < 200) return how
    const odd = [0, -1, 0.5, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 2, 2 ** 32 - 1, 2 ** 53, -0]
    return [...odd, Number.NaN, Number.POSITIVE_INFINITY][how % 11] ?? 0
  }

  text(): string {
    const parts = ['attach', 'caller', '\0', 'é', '\u{1f600}', '\ud800', 'x'.repeat(40), '']
    return this.list(() => this.pick(parts)).join('')
  }

  /** Something else than what is right. */
  wrong(): unknown {
    const how = this.next()
    switch (how % 10) {
      case 0:
        return undefined
      case 1:
        return null
      case 2:
        return this.number()
      case 3:
        return this.text()
      case 4:
        return []
      case 5:
        return {}
      case 6:
        return 1n
      case 7:
        return new Proxy([], {})
      case 8:
        return Symbol.iterator
      default:
        return how > 128
    }
  }

  /** What is right, most of the time. */
  mostly(right: () => unknown): unknown {
    return this.next() > 240 ? this.wrong() : right()
  }

  object(fields: Readonly<Record<string, () => unknown>>): unknown {
    const made = Object.fromEntries(
      Object.entries(fields).map(([name, make]) => [name, this.mostly(make)]),
    )
    const how = this.next()
    if (how === 255) return new Proxy(made, {})
    const thrown = how > 247 ? Object.keys(fields)[how % 8] : undefined
    if (thrown === undefined) return made
    return Object.defineProperty(made, thrown, {
      get: () => {
        throw new Error(thrown)
      },
    })
  }

  user(): unknown {
    return this.object({
      uid: () => this.number(),
      gid: () => this.number(),
      groups: () => this.list(() => this.number()),
    })
  }

  plan(): unknown {
    return this.object({
      families: () =>
        this.list(() =>
          this.object({
            methods: () => this.list(() => this.pick(enums.Method)),
            identity: () => this.pick(enums.Identity),
            user: () => this.next() % 3,
            consent: () => this.pick(enums.Consent),
            tracerParent: () => this.pick(enums.Parent),
            targetParent: () => this.pick(enums.Parent),
            middle: () => this.pick(enums.Middle),
            tracerAdopts: () => this.next() > 128,
          }),
        ),
      users: () => this.list(() => this.user()),
      deadlineMs: () => this.number(),
      attemptMs: () => this.number(),
    })
  }

  request(): unknown {
    return this.object({
      tracers: () =>
        this.list(() =>
          this.object({ tracer: () => this.pick(enums.Tracer), user: () => this.user() }),
        ),
      oracles: () => this.next() % 34,
      deadlineMs: () => this.number(),
      pids: () => this.list(() => this.number()),
    })
  }

  made(): readonly unknown[] {
    const what = this.next() % 4
    switch (what) {
      case 0:
        return [what, this.mostly(() => this.plan())]
      case 1:
        return [what, this.mostly(() => this.request())]
      case 2:
        return [what, this.mostly(() => this.number()), this.mostly(() => this.next() % 34)]
      default:
        return [what, this.mostly(() => this.text())]
    }
  }
}

interface Fuzzer {
  run(options: readonly string[], make: (bytes: Uint8Array) => readonly unknown[]): number
}

const module: { exports: Partial<Fuzzer> } = { exports: {} }
process.dlopen(module, addon)
// Where libFuzzer merges a corpus it starts itself again.
const command = process.argv.slice(0, 3).join(' ')
const make = (bytes: Uint8Array) => new Bytes(bytes).made()
process.exitCode = module.exports.run?.([command, ...options], make) ?? 1
