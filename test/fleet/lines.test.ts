import t from 'tap'
import { type Line, linesOf } from '../../lib/fleet/lines.js'
import { bytes } from '../helpers/envelopes.js'

async function read(text: string, size?: number): Promise<Line[]> {
  const lines: Line[] = []
  for await (const line of linesOf(bytes(text, size))) lines.push(line)
  return lines
}

t.test('a stream is split at newlines, wherever its pieces end', async (t) => {
  const text = 'one\n\u2713 tw\u00f6\r\n\n  \nfive'
  for (const size of [1, 2, 3, 100]) {
    t.strictSame(
      await read(text, size),
      [
        { number: 1, text: 'one' },
        { number: 2, text: '\u2713 tw\u00f6\r' },
        { number: 5, text: 'five' },
      ],
      `pieces of ${size}`,
    )
  }
})

t.test('a newline at the end makes no line after it', async (t) => {
  t.strictSame(await read('one\n'), [{ number: 1, text: 'one' }])
  t.strictSame(await read(''), [])
  t.strictSame(await read('\n\n'), [])
})

t.test('a line without end is not kept, and what follows is read', async (t) => {
  const long = 'x'.repeat(17 * 1024 * 1024)
  t.strictSame(await read(`${long}\ntwo\n`, 1024 * 1024), [
    { number: 1, text: null },
    { number: 2, text: 'two' },
  ])
  t.strictSame(await read(long, 1024 * 1024), [{ number: 1, text: null }])
})
