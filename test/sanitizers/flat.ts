/** Whether what a process holds stays the same however often it is asked. */

/** What it holds at one moment. */
export interface Sample {
  /** Resident memory, in bytes. */
  readonly memory: number
  readonly descriptors: number
  readonly threads: number
}

/** A heap and its fragments move within this much; a leak does not stop. */
const slack = 4 * 1024 * 1024

/**
 * What grew, in sentences. Of each count the first sample is the reference. Of memory it is the third
 * quarter of the samples: until then caches fill.
 */
export function growth(samples: readonly Sample[]): string[] {
  const [first] = samples
  const last = samples.at(-1)
  if (samples.length < 8 || first === undefined || last === undefined) {
    throw new Error(`Expected eight samples or more, got ${samples.length}`)
  }
  const quarter = Math.floor(samples.length / 4)
  const least = (from: number, to?: number): number =>
    Math.min(...samples.slice(from, to).map(({ memory }) => memory))
  const grown = least(-quarter) - least(-2 * quarter, -quarter)
  const counts = ['descriptors', 'threads'] as const
  return [
    ...counts
      .filter((count) => last[count] > first[count])
      .map((count) => `${count} grew from ${first[count]} to ${last[count]}`),
    ...(grown > slack ? [`memory grew by ${grown} bytes in a quarter of the time`] : []),
  ]
}
