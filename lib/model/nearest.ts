import { quote } from './sentences.js'

/** The known word that a misspelled one is nearest to; null if none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  const [best] = known
    .map((each) => ({ each, distance: editDistance(word, each) }))
    .sort((a, b) => a.distance - b.distance)
  // One edit in a short word and two in a longer one; more would suggest unrelated words.
  return best !== undefined && best.distance <= (word.length < 5 ? 1 : 2) ? best.each : null
}

/** What is said of a word that is not known: the one that was meant, or else all that are. */
export function unknownWord(
  what: string,
  word: string,
  known: readonly string[],
  place = '',
): string {
  const near = nearest(word, known)
  const help = near === null ? `, expected one of ${known.join(', ')}` : `. Did you mean '${near}'?`
  return `unknown ${what} ${quote(word)}${place}${help}`
}

/** How many letters have to be inserted, deleted, replaced or swapped with their neighbour. */
function editDistance(from: string, to: string): number {
  let before: number[] = []
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let line = 1; line <= from.length; line++) {
    const next = [line]
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[line - 1] === to[column - 1]
      const isSwap = from[line - 1] === to[column - 2] && from[line - 2] === to[column - 1]
      const cost = Math.min(
        at(row, column) + 1,
        at(next, column - 1) + 1,
        at(row, column - 1) + (isSame ? 0 : 1),
        isSwap ? at(before, column - 2) + 1 : Number.POSITIVE_INFINITY,
      )
      next.push(cost)
    }
    before = row
    row = next
  }
  return at(row, to.length)
}

/** A cell outside the table is out of reach. */
function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY
}
