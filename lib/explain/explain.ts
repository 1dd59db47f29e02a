import type { Explanation, ExplanationReport } from '../model/index.js'
import { causes } from './causes.js'
import { rows } from './table.js'

/** Shorter ones fit too many texts. */
const shortest = 8

/**
 * What may be behind an error text: the rows with a wording that is in it, the longest first, since
 * that says most; where there is none, the rows in which it is itself a part.
 */
export function explain(text: string): ExplanationReport {
  const given = plain(text)
  const said = rows
    .map((row) => ({ row, length: longest(row, (wording) => isIn(wording, given)) }))
    .filter(({ length }) => length > 0)
    .sort((a, b) => b.length - a.length)
    .map(({ row }) => row)
  const partly =
    said.length > 0 || given.length < shortest
      ? []
      : rows.filter((row) => longest(row, (wording) => wording.includes(given)) > 0)
  return {
    schemaVersion: 1,
    text,
    explanations: [...said, ...partly].map(explanationOf),
    known: rows.map(({ text }) => text),
  }
}

function explanationOf({ also: _, ...row }: (typeof rows)[number]): Explanation {
  return { ...row, causes: row.causes.map((id) => causes[id]) }
}

/** The length of the longest wording of a row that passes; 0: none does. */
function longest(
  { text, also = [] }: (typeof rows)[number],
  passes: (wording: string) => boolean,
): number {
  const lengths = [text, ...also].map(plain).filter(passes)
  return Math.max(0, ...lengths.map(({ length }) => length))
}

/** Whether the parts of a wording stand in the text, in their order. */
function isIn(wording: string, text: string): boolean {
  let rest = text
  for (const part of wording.split('...').map((each) => each.trim())) {
    const at = rest.indexOf(part)
    if (at < 0) return false
    rest = rest.slice(at + part.length)
  }
  return true
}

/** What terminals, browsers and people change when they copy a text. */
function plain(text: string): string {
  return text.toLowerCase().replace(/[‘’`]/g, "'").replace(/[“”]/g, '"').replace(/\s+/g, ' ').trim()
}
