import t from 'tap'
import { folded } from '../../../lib/format/html/fold.js'

t.test('lines are broken between words, and within a word that is too wide', async (t) => {
  t.strictSame(folded('one two three', 5), ['one two', 'three'])
  t.strictSame(folded('a abcdefgh', 2), ['a', 'abc', 'def', 'gh'])
  t.strictSame(folded('', 3), [])
})

t.test('a wide character takes more room than a narrow one, and none is cut in two', async (t) => {
  t.ok(folded('WWWWWWWWWW', 5).length > folded('iiiiiiiiii', 5).length)
  t.strictSame(folded('\u{1f600}\u{1f600}', 1), ['\u{1f600}', '\u{1f600}'])
  t.strictSame(folded('\u6f22\u5b57', 1), ['\u6f22', '\u5b57'])
})
