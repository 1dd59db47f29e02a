import t from 'tap'
import { parseJson } from '../../lib/policy/json.js'

const samples = [
  '{"id":"a","scope":[0,1.5e3,-2],"relations":["x=\\u00e9\\n"],"n":null,"t":true,"f":false}',
  '[]',
  '{}',
  ' [ { } , [ ] , "" ] ',
  '"text"',
  '-0.25E-2',
]

/** What JSON.parse makes of it; undefined where it refuses. */
function native(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

t.test('it reads and refuses what JSON.parse reads and refuses', async (t) => {
  const characters = [...'{}[]:,"\\0123.eE+-truefalsn \n\t\u0000é', '']
  let tried = 0
  for (const sample of samples) {
    for (let at = 0; at <= sample.length; at++) {
      for (const character of characters) {
        for (const length of [0, 1]) {
          const text = sample.slice(0, at) + character + sample.slice(at + length)
          const read = parseJson(text)
          const expected = native(text)
          tried++
          if (!('value' in read)) {
            if (expected !== undefined && !/only once/.test(read.expected)) t.fail(text)
          } else if (JSON.stringify(read.value) !== JSON.stringify(expected)) t.fail(text)
        }
      }
    }
  }
  t.ok(tried > 5000, `${tried} texts`)
})

t.test('a mistake has a line, a column and what was expected', async (t) => {
  for (const [text, line, column, expected] of [
    ['', 1, 1, 'a value'],
    ['{\n  "id": "a"\n  "scope": 1\n}', 3, 3, '"," or "}"'],
    ['{"id" "a"}', 1, 7, '":"'],
    ['{"id": }', 1, 8, 'a value'],
    ['[1, 2', 1, 6, '"," or "]"'],
    ['[1,]', 1, 4, 'a value'],
    ['{"a":1,}', 1, 8, 'a text in double quotes'],
    ["{'a':1}", 1, 2, 'a text in double quotes'],
    ['"a\nb"', 1, 1, 'a text that ends'],
    ['{} x', 1, 4, 'the end of the text'],
    ['{"a":1,\n "a":2}', 2, 2, 'only once'],
    ['{"__proto__":1,"__proto__":2}', 1, 16, 'only once'],
    ['[01]', 1, 3, '"," or "]"'],
  ] as const) {
    const read = parseJson(text)
    t.match(read, { line, column }, text)
    t.match('expected' in read && read.expected, expected, text)
  }
})

t.test('what is nested too deeply, or very long, ends in an answer', async (t) => {
  t.match(parseJson('['.repeat(65_000)), { line: 1, column: 34, expected: 'at most 32 levels' })
  const long = `"${'\\u0041'.repeat(10_000)}"`
  t.strictSame(parseJson(long), { value: 'A'.repeat(10_000) })
  t.match(parseJson(`"${'a'.repeat(65_000)}`), { expected: /ends/ })
})
