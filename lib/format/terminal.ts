/**
 * What a terminal can show: width, colour, characters. Pure: the style is decided in `cli.ts`.
 * `styleText` of node:util is not used, because from Node 22.13 on it looks at the stream and the
 * environment again and so would overrule the style.
 */

import { visible } from '../model/index.js'

/** What the reader's terminal can show. */
export interface Style {
  /** Whether to colour with SGR sequences. */
  readonly color: boolean
  /** Whether characters outside ASCII can be shown. */
  readonly unicode: boolean
  /** Width in columns. */
  readonly columns: number
  /** Height in rows; absent where nothing scrolls away. */
  readonly rows?: number
  /** `quiet`: the verdict only; `verbose`: all evidence and sources. Otherwise what most readers need. */
  readonly detail?: 'quiet' | 'verbose'
}

const sgr = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const
/** A colour or weight. */
export type Tone = keyof typeof sgr

const symbols = {
  allowed: ['✓', 'ok'],
  refused: ['✗', 'no'],
  untried: ['–', '-'],
  unknown: ['?', '?'],
} as const
/** A sign in the report. */
export type SymbolName = keyof typeof symbols

/** The sign of that name, in the characters that the terminal can show. */
export function symbol(name: SymbolName, style: Style): string {
  return symbols[name][style.unicode ? 0 : 1]
}

/** Text in a tone; unchanged without colour, or when there is nothing to colour. */
export function paint(text: string, tone: Tone | null, style: Style): string {
  if (!style.color || tone === null || text === '') return text
  const [on, off] = sgr[tone]
  return `\u001b[${on}m${text}\u001b[${off}m`
}

/** The widest line of the report: 80 columns, or the terminal when that is narrower. */
export function lineWidth(style: Style): number {
  return Math.max(40, Math.min(80, style.columns))
}

/**
 * Text that cannot move the cursor or change colours, whatever a security label, a user name or a
 * file of the machine contains, and that stays within ASCII where the terminal asks for it.
 */
export function plain(text: string, style: Style): string {
  if (harmless.test(text)) return text
  const shown = visible(text)
  if (style.unicode) return shown
  return shown.replace(/\P{ASCII}/gu, (character) => asciiForms[character] ?? '?')
}

// Nearly every text, and to look for this takes a fraction of what Unicode's properties take.
const harmless = /^[ -~]*$/

const asciiForms: Readonly<Record<string, string>> = {
  '\u2013': '-',
  '\u2014': '-',
  '\u2018': "'",
  '\u2019': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u2026': '...',
}

/** Sections with an empty line between them; those that have no line are left out. */
export function joined(sections: readonly (readonly string[])[]): string {
  const texts = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))
  return `${texts.join('\n\n')}\n`
}

/**
 * The same, for an answer whose first section is its verdict: where that scrolls out of the
 * terminal, it is repeated at the end.
 */
export function answered(sections: readonly (readonly string[])[], style: Style): string {
  const text = joined(sections)
  const [verdict = []] = sections
  const isGone = style.rows !== undefined && text.split('\n').length > style.rows
  return isGone ? `${text}\n${verdict.join('\n')}\n` : text
}

/** Breaks text between words; a word wider than the line keeps a line of its own. */
export function wrap(text: string, style: Style, indent = '', first = indent): string[] {
  return wrapWhole(plain(text, style).split(' ').filter(Boolean), style, indent, first)
}

/** The same for words that may have spaces in them: none is broken. */
export function wrapWhole(
  words: readonly string[],
  style: Style,
  indent = '',
  first = indent,
): string[] {
  const width = lineWidth(style)
  const lines: string[] = []
  let line = first
  let empty = true
  for (const word of words) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line)
      line = indent
      empty = true
    }
    line += empty ? word : ` ${word}`
    empty = false
  }
  if (!empty) lines.push(line)
  return lines
}

/** One cell of a table. */
export interface Cell {
  readonly text: string
  readonly tone?: Tone | null
}

/**
 * Rows of left-aligned cells, indented by two, columns as wide as their widest cell and two spaces
 * apart, or one where that is the only way. Null when the lines would be too long.
 */
export function table(rows: readonly (readonly Cell[])[], style: Style): string[] | null {
  const count = Math.max(...rows.map((cells) => cells.length))
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.text.length ?? 0)),
  )
  const total = widths.reduce((sum, width) => sum + width, 2)
  const gap = ['  ', ' '].find(({ length }) => total + (count - 1) * length <= lineWidth(style))
  return gap === undefined ? null : rows.map((cells) => `  ${row(cells, widths, style, gap)}`)
}

/** The same; where that is too wide, a line for each row, as `line` writes it. */
export function tableOrLines(
  rows: readonly (readonly Cell[])[],
  style: Style,
  line: (...texts: readonly string[]) => string = lastAfterColon,
): string[] {
  return (
    table(rows, style) ??
    rows.flatMap((cells) => {
      const texts = cells.map(({ text }) => text.trim()).filter((text) => text !== '')
      return wrap(line(...texts), style, '    ', '  ')
    })
  )
}

function lastAfterColon(...texts: readonly string[]): string {
  return [texts.slice(0, -1).join(' '), texts.at(-1)].filter(Boolean).join(': ')
}

function row(cells: readonly Cell[], widths: readonly number[], style: Style, gap: string): string {
  const last = cells.findLastIndex(({ text }) => text !== '')
  return cells
    .slice(0, last + 1)
    .map(({ text, tone = null }, column) => {
      const padding = column === last ? 0 : (widths[column] ?? 0) - text.length
      return paint(text, tone, style) + ' '.repeat(padding)
    })
    .join(gap)
}
