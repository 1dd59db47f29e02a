import { basename } from 'node:path'

import type { Cell, Sitting } from './results.js'
import type { Room } from './room.js'

const marks = { attached: '+', refused: '-', waits: 'w', unclear: '?' } as const

/** What a cell's judge is called in its room: where its program is, and as what it was started. */
export function judgeName({ sittings }: Room, { judge, tracer, trials }: Cell): string {
  const path = tracer === 'self' ? undefined : sittings[trials]?.path
  const file = path === undefined ? judge : `${basename(path)}/${judge}`
  return tracer === 'stranger' || tracer === 'user' ? `${file} (${tracer})` : file
}

/** One line a target: what each judge managed, and what had been foretold with which reasons. */
export function table(room: Room, { cells }: Sitting): string[] {
  const judges = [...new Set(cells.map((cell) => judgeName(room, cell)))]
  const names = [...new Set(cells.map(({ target }) => target))]
  const width = Math.max(...names.map((name) => name.length))
  const rows = names.map((name) => {
    const row = cells.filter(({ target }) => target === name)
    const found = judges.map((judge) => {
      const cell = row.find((cell) => judgeName(room, cell) === judge)
      return (cell === undefined ? '' : marks[cell.outcome]).padEnd(judge.length)
    })
    return [name.padEnd(width), ...found, foretoldOf(room, row)].join('  ')
  })
  return [[''.padEnd(width), ...judges, 'foretold'].join('  '), ...rows]
}

/** Once, where it is the same for every judge. */
function foretoldOf(room: Room, row: readonly Cell[]): string {
  const judgesByText = new Map<string, string[]>()
  for (const cell of row) {
    const { verdict, causes } = cell.foretold
    const reasons = causes.map(({ id, certainty }) => (certainty === 'proved' ? id : `${id}?`))
    const text = `${verdict} ${reasons.join(' ')}`.trim()
    judgesByText.set(text, [...(judgesByText.get(text) ?? []), judgeName(room, cell)])
  }
  if (judgesByText.size === 1) return [...judgesByText.keys()].join()
  return [...judgesByText].map(([text, judges]) => `${judges.join(' ')}: ${text}`).join(', ')
}
