/** How the readers of sysctl.d(5) cut a file into lines. */

/** One line that is not empty, without its end. */
export interface Line {
  /** Counted from 1, as that reader counts. */
  readonly number: number
  readonly text: string
  /** Longer than the reader takes: it stops there. */
  readonly tooLong?: true
}

/** A way to cut. */
export interface Cut {
  /** The group of a byte that ends a line, one bit each; 0 for all others. */
  readonly end: (byte: number) => number
  /** Bytes that a line may have. */
  readonly limit: number
  /** Whether a longer line ends the reading; otherwise its beginning counts. */
  readonly stops: boolean
}

const zero = 4

/**
 * `read_line()` of systemd (src/basic/fileio.c): LF, CR and NUL end a line, and so do combinations
 * of different ones. A line of `LONG_LINE_MAX` bytes is refused, and the rest of the file with it.
 */
export const systemdCut: Cut = {
  end: (byte) => (byte === 10 ? 1 : byte === 13 ? 2 : byte === 0 ? zero : 0),
  limit: 1 << 20,
  stops: true,
}

/** getline(3): LF only. The rest of a line of more than a mebibyte is of no use to anybody. */
export const getlineCut: Cut = {
  end: (byte) => (byte === 10 ? zero : 0),
  limit: 1 << 20,
  stops: false,
}

/** Cuts pieces of a file into lines. The empty ones are counted only. */
export function* cutLines(pieces: Iterable<Buffer>, { end, limit, stops }: Cut): Generator<Line> {
  let number = 1
  let text = ''
  let ends = 0
  for (const piece of pieces) {
    // Of this piece, what belongs to the line so far.
    let start = 0
    let stop = 0
    for (let i = 0; i < piece.length; i += 1) {
      const kind = end(piece[i] ?? 0)
      const isNext = ends !== 0 && (kind === 0 || (ends & (zero | kind)) !== 0)
      if (isNext) {
        text += piece.toString('latin1', start, stop)
        if (text !== '') yield { number, text }
        number += 1
        text = ''
        ends = 0
        start = i
        stop = i
      }
      ends |= kind
      if (kind !== 0) continue
      if (text.length + stop - start < limit) stop = i + 1
      if (stops && text.length + stop - start >= limit) {
        yield { number, text: '', tooLong: true }
        return
      }
    }
    text += piece.toString('latin1', start, stop)
  }
  if (text !== '') yield { number, text }
}
