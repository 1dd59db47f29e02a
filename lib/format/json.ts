import type { Verdict } from '../model/index.js'

/** An answer as JSON; `schema/` describes each. */
export function json(answer: unknown): string {
  return `${asciiJson(answer, 2)}\n`
}

/** One verdict a line (NDJSON), each as soon as it is there. */
export async function* jsonLines(verdicts: AsyncIterable<Verdict>): AsyncIterable<string> {
  for await (const verdict of verdicts) yield jsonLine(verdict)
}

/** An answer on one line. */
export function jsonLine(answer: unknown): string {
  return `${asciiJson(answer)}\n`
}

/**
 * JSON with escapes for DEL and for all outside of ASCII: a name with U+202E or with a C1 control
 * cannot disturb the terminal that the JSON is printed to, and parses to the same text.
 */
export function asciiJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
