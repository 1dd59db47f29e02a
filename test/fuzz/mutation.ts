/** Changes to bytes and values that are right, so that most of what is made up is nearly right. */

import fc from 'fast-check'

/** Bytes with some places changed: characters as bytes, Latin-1. */
export function mutated(
  seeds: readonly string[],
  words: readonly string[] = [],
): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom(
      ...words,
      '\n',
      '\n\n',
      '\0',
      ' ',
      '=',
      ':',
      '/',
      '%',
      '"',
      "'",
      '\xff',
      '\x1b[',
    ),
    fc.string({ unit: 'binary-ascii', maxLength: 8 }),
    fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    fc.nat(3000).map((length) => 'a'.repeat(length)),
  )
  const edit = fc.record({
    kind: fc.constantFrom('insert', 'remove', 'replace', 'copy', 'cut'),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(40),
    piece,
  })
  return fc
    .tuple(fc.constantFrom(...seeds), fc.array(edit, { maxLength: 12 }))
    .map(([seed, edits]) =>
      edits.reduce((text, { kind, at, length, piece }) => {
        const start = Math.floor(at * text.length)
        const [before, own, after] = [
          text.slice(0, start),
          text.slice(start, start + length),
          text.slice(start + length),
        ]
        switch (kind) {
          case 'insert':
            return before + piece + own + after
          case 'remove':
            return before + after
          case 'replace':
            return before + piece + after
          case 'copy':
            return before + own + own + after
          case 'cut':
            return before
          default:
            return kind satisfies never
        }
      }, seed),
    )
}

/** Thrown by what is made to throw; nothing may hide it. */
export class Thrown extends Error {}

/** Anything that JavaScript has, also what throws when it is looked at. */
export const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
  fc.constantFrom<unknown>(Symbol('s'), () => {}, class {}, new Proxy({}, {}), Number.NaN, -0),
  fc.constantFrom<unknown>(
    undefined,
    null,
    '',
    0,
    1,
    -1,
    2 ** 31,
    2 ** 32,
    2 ** 53,
    Infinity,
    [],
    {},
  ),
  fc.string({ unit: 'binary' }),
)

/** A place in a value, and what comes there. */
interface Change {
  readonly path: readonly number[]
  readonly kind: 'replace' | 'remove' | 'copy' | 'throw'
  readonly by: unknown
}

function changed(value: unknown, [step, ...rest]: readonly number[], change: Change): unknown {
  const isInner = typeof value === 'object' && value !== null
  const keys = isInner ? Object.keys(value) : []
  if (!isInner || step === undefined || keys.length === 0) return change.by
  const key = keys[step % keys.length] ?? ''
  const entries = Object.entries(value).flatMap(([name, own]): [string, unknown][] => {
    if (name !== key) return [[name, own]]
    if (rest.length > 0 && typeof own === 'object' && own !== null) {
      return [[name, changed(own, rest, change)]]
    }
    if (change.kind === 'remove') return []
    if (change.kind === 'copy')
      return [
        [name, own],
        [`${name}2`, own],
      ]
    return [[name, change.by]]
  })
  const whole: unknown = Array.isArray(value)
    ? entries.map(([, own]) => own)
    : Object.fromEntries(entries)
  if (change.kind === 'throw' && rest.length === 0 && !Array.isArray(value)) {
    Object.defineProperty(whole, key, {
      enumerable: true,
      get: () => {
        throw new Thrown()
      },
    })
  }
  return whole
}

/** A value with some places changed. `words` are put there more often than others. */
export function mutatedValue(
  seeds: readonly unknown[],
  words: readonly unknown[] = [],
): fc.Arbitrary<unknown> {
  const change = fc.record({
    path: fc.array(fc.nat(60), { minLength: 1, maxLength: 4 }),
    kind: fc.constantFrom('replace', 'replace', 'remove', 'copy', 'throw'),
    by: words.length === 0 ? anything : fc.oneof(anything, fc.constantFrom(...words)),
  })
  return fc
    .tuple(fc.constantFrom(...seeds), fc.array(change, { maxLength: 4 }))
    .map(([seed, changes]) =>
      changes.reduce<unknown>((value, each) => {
        try {
          return changed(value, each.path, each)
        } catch (error) {
          // A getter of an earlier change.
          if (error instanceof Thrown) return value
          throw error
        }
      }, seed),
    )
}
