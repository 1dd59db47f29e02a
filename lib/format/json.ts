import type { Verdict } from '../model/index.js'

/** An answer as JSON; `schema/` describes each. */
export function json(answer: unknown): string {
  return `${JSON.stringify(answer, null, 2)}\n`
}

/** One verdict a line (NDJSON), each as soon as it is there. */
export async function* jsonLines(verdicts: AsyncIterable<Verdict>): AsyncIterable<string> {
  for await (const verdict of verdicts) yield jsonLine(verdict)
}

/** A verdict on one line, as `schema/verdict.json` describes it. */
export function jsonLine(verdict: Verdict): string {
  return `${JSON.stringify(verdict)}\n`
}
