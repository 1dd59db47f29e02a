import { visible } from '../../model/index.js'

/**
 * How wide characters are, in ems. A drawing cannot ask, because it is made without a browser, so these
 * are those of a wide font (DejaVu Sans); in a narrower one a line only ends earlier.
 */
const widths: readonly (readonly [characters: RegExp, ems: number])[] = [
  [/[fijlrt .,:;'|!()/[\]-]/, 0.42],
  [/[a-ln-vx-z0-9_?*]/, 0.64],
  [/[A-LN-VX-Z"$&`{}~^\\]/, 0.79],
  [/[#+<=>mw]/, 0.98],
  [/[MW@%]/, 1.01],
  [/[\u0080-\uffff]/, 1.05],
]
const widest = 1.4

function widthOf(text: string): number {
  return Array.from(text).reduce((sum, character) => {
    return sum + (widths.find(([characters]) => characters.test(character))?.[1] ?? widest)
  }, 0)
}

/** Text in lines of at most that many ems, broken between words, or within a word that is too wide. */
export function folded(text: string, ems: number): string[] {
  const lines: string[] = []
  for (const piece of visible(text)
    .split(' ')
    .flatMap((word) => pieces(word, ems))) {
    const last = lines.at(-1)
    if (last === undefined || widthOf(`${last} ${piece}`) > ems) lines.push(piece)
    else lines[lines.length - 1] = `${last} ${piece}`
  }
  return lines
}

function pieces(word: string, ems: number): string[] {
  const parts: string[] = []
  for (const character of word) {
    const last = parts.at(-1)
    if (last === undefined || widthOf(last + character) > ems) parts.push(character)
    else parts[parts.length - 1] = last + character
  }
  return parts
}
