import t from 'tap'
import { cutLines, getlineCut, systemdCut } from '../../../lib/settings/sysctl-d/lines.js'

t.test('systemd ends a line at LF, CR, NUL and each combination of different ones', async (t) => {
  const numbers = (text: string, size = 3) => {
    const pieces: Buffer[] = []
    for (let at = 0; at < text.length; at += size)
      pieces.push(Buffer.from(text.slice(at, at + size)))
    return [...cutLines(pieces, systemdCut)].map(({ number, text }) => `${number}${text}`)
  }
  for (const size of [1, 2, 100]) {
    t.same(numbers('a\nb\r\nc\n\nd\re\0f\n\rg', size), ['1a', '2b', '3c', '5d', '6e', '7f', '8g'])
    t.same(numbers('\0\0a\r\n\0b\n\0\0c', size), ['3a', '4b', '6c'])
    t.same(numbers('', size), [])
  }
})

t.test('a line that is too long ends the reading of systemd, but not of getline(3)', async (t) => {
  const cut = (length: number, rule: typeof systemdCut) =>
    [...cutLines([Buffer.from('a\n'), Buffer.alloc(length, 'x'), Buffer.from('\nb\n')], rule)].map(
      ({ text, tooLong }) => tooLong ?? text.length,
    )
  t.same(cut(2 ** 20 - 1, systemdCut), [1, 2 ** 20 - 1, 1])
  t.same(cut(2 ** 20, systemdCut), [1, true])
  t.same(cut(2 ** 20, getlineCut).at(-1), 1)
})
