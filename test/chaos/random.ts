/** Numbers that depend on nothing but a seed (mulberry32). */
export interface Random {
  /** An integer from 0 to `end - 1`. */
  below(end: number): number
  /** From `first` to `last`. */
  between(first: number, last: number): number
  pick<T>(all: readonly T[]): T
  /** True once in `n` times. */
  oneIn(n: number): boolean
}

/** The same seed and case always give the same numbers, whatever other cases there are. */
export function randomFor(seed: number, index: number): Random {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (end: number): number => Math.floor(next() * end)
  return {
    below,
    between: (first, last) => first + below(last - first + 1),
    pick: <T>(all: readonly T[]): T => {
      const chosen = all[below(all.length)]
      if (chosen === undefined) throw new Error('There is nothing to choose from')
      return chosen
    },
    oneIn: (n) => below(n) === 0,
  }
}
