/** What holds for every input that is made up. */

import fc from 'fast-check'

/** What the lane decides about a run. */
export interface Run {
  readonly seed: number
  /** Where a failure was, as it was printed: only that is tried. */
  readonly path?: string
  readonly seconds: number
}

/** One property. */
export interface Property {
  /** A sentence. */
  readonly name: string
  /** Answers how many inputs were tried; throws where it does not hold. */
  readonly check: (run: Run) => Promise<number>
}

/** Of a failing input no more is shown: a report is long, and what went wrong stands after it. */
const maxTold = 3000

/** A property of values that an arbitrary makes up; `holds` throws where it does not hold. */
export function property<T>(
  name: string,
  values: fc.Arbitrary<T>,
  holds: (value: T) => Promise<void> | void,
): Property {
  return {
    name,
    check: async ({ seed, path, seconds }) => {
      const details = await fc.check(
        fc.asyncProperty(values, async (value) => holds(value)),
        {
          seed,
          ...(path === undefined ? {} : { path }),
          // As many as there is time for. One that never ends is ended from outside.
          numRuns: path === undefined ? 1e9 : 1,
          interruptAfterTimeLimit: 1000 * seconds,
        },
      )
      if (!details.failed) return details.numRuns
      const { errorInstance: error } = details
      const told = (await fc.asyncDefaultReportMessage(details))?.slice(0, maxTold)
      throw new Error(`${told}\n${error instanceof Error ? error.stack : String(error)}`)
    },
  }
}

/** Throws where something does not hold. */
export function require(holds: boolean, sentence: () => string): void {
  if (!holds) throw new Error(sentence())
}

/** Every code that Node's own argument errors have here. */
const argumentCodes: ReadonlySet<unknown> = new Set([
  'ERR_INVALID_ARG_TYPE',
  'ERR_INVALID_ARG_VALUE',
  'ERR_OUT_OF_RANGE',
])

/** Whether an error is one that a program can understand: it has a code of its own. */
export function isCoded(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  const isArgument = error instanceof TypeError || error instanceof RangeError
  return isArgument
    ? argumentCodes.has(error.code)
    : error.name === 'PtraceProbeError' && String(error.code).startsWith('ERR_PTRACE_PROBE_')
}

/** Where a text has a character that a terminal obeys or a line does not show. */
export function requireVisible(text: string, what: string): void {
  require(!/[\p{C}\u2028\u2029]/u.test(text), () =>
    `${what} has what a terminal obeys: ${JSON.stringify(text)}`)
}
