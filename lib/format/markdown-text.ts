import { visible } from '../model/index.js'

/**
 * The pieces of a Markdown document (CommonMark with the tables of GitHub). Text from outside stays
 * text: it can make no link, no HTML and no row of a table.
 */

/** Blocks with an empty line between them; those that are empty are left out. */
export function document(blocks: readonly string[]): string {
  return `${blocks.filter((each) => each !== '').join('\n\n')}\n`
}

/** A heading within the document, whose text is Markdown already. */
export function heading(text: string): string {
  return `## ${text}`
}

/** Text within a line. */
export function inline(text: string): string {
  return (
    visible(text)
      .replace(/[\\`*[\]<>|~&#]|(?<![a-z\d])_|_(?![a-z\d])/gi, '\\$&')
      // GitHub makes links of addresses, and calls for people of names behind @.
      .replace(/:(?=\/\/)/g, '\\:')
      .replace(/\bwww\./gi, (word) => `${word.slice(0, -1)}\\.`)
      .replace(/@/g, '@\u2060')
  )
}

/** Text as it is, in a line or in the cell of a table. */
export function code(text: string): string {
  const shown = visible(text).replaceAll('|', '\\|')
  const runs = [...shown.matchAll(/`+/g)].map(([run]) => run.length)
  const fence = '`'.repeat(1 + Math.max(0, ...runs))
  // A space on each side is taken away again; without it, the text could begin or end the fence.
  return /^[` ]|[` ]$/.test(shown) || shown === ''
    ? `${fence} ${shown} ${fence}`
    : `${fence}${shown}${fence}`
}

/** A list of lines. */
export function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n')
}

/** Lines to copy. */
export function block(language: string, lines: readonly string[], indent = ''): string {
  const runs = lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(Math.max(3, ...runs.map((length) => length + 1)))
  return [`${fence}${language}`, ...lines, fence].map((line) => `${indent}${line}`).join('\n')
}

/** A table: its head, then its rows. The cells are Markdown. */
export function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}
