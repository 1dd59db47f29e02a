import type { Cell, Sitting } from './results.js'

const marks = { attached: '+', refused: '-', unclear: '?' } as const

/** One line a target: what each judge managed, and what had been foretold with which reasons. */
export function table({ cells }: Sitting): string[] {
  const judges = [...new Set(cells.map(({ judge }) => judge))]
  const names = [...new Set(cells.map(({ target }) => target))]
  const width = Math.max(...names.map((name) => name.length))
  const rows = names.map((name) => {
    const row = cells.filter(({ target }) => target === name)
    const found = judges.map((judge) => {
      const cell = row.find((cell) => cell.judge === judge)
      return (cell === undefined ? '' : marks[cell.outcome]).padEnd(judge.length)
    })
    return [name.padEnd(width), ...found, foretoldOf(row)].join('  ')
  })
  return [[''.padEnd(width), ...judges, 'foretold'].join('  '), ...rows]
}

/** Once, where it is the same for every tracer. */
function foretoldOf(row: readonly Cell[]): string {
  const words = (['self', 'child', 'stranger', 'user'] as const).flatMap((tracer) => {
    const cell = row.find((cell) => cell.tracer === tracer)
    if (cell === undefined) return []
    const { verdict, causes } = cell.foretold
    const reasons = causes.map(({ id, certainty }) => (certainty === 'proved' ? id : `${id}?`))
    return [[tracer, `${verdict} ${reasons.join(' ')}`.trim()] as const]
  })
  const different = new Set(words.map(([, text]) => text))
  if (different.size === 1) return [...different].join()
  return words.map(([tracer, text]) => `${tracer}: ${text}`).join(', ')
}
