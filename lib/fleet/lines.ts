/** One line, without its end. */
export interface Line {
  /** Counted from 1. */
  readonly number: number
  /** Null where the line is longer than any envelope. */
  readonly text: string | null
}

const newline = 0x0a

/** An envelope has about 30 kB. What has no end of line in this many bytes has none at all. */
const longest = 16 * 1024 * 1024

/** What the first line has room for. */
const chunkBytes = 64 * 1024

/**
 * The lines of a stream that are not blank. It is split as bytes, and one line at a time becomes text,
 * out of the same memory: a stream of gigabytes takes that of its longest line.
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncIterable<Line> {
  let line = Buffer.allocUnsafe(chunkBytes)
  let size = 0
  let number = 1
  const add = (piece: Buffer): void => {
    const length = size + piece.length
    if (length > line.length && length <= longest) {
      const larger = Buffer.allocUnsafe(Math.min(longest, 2 * length))
      line.copy(larger, 0, 0, size)
      line = larger
    }
    if (length <= longest) piece.copy(line, size)
    size = length
  }
  const take = (): Line => {
    const text = size > longest ? null : line.toString('utf8', 0, size)
    size = 0
    return { number: number++, text }
  }
  for await (const chunk of chunks) {
    let from = 0
    for (let to = chunk.indexOf(newline); to !== -1; to = chunk.indexOf(newline, from)) {
      add(chunk.subarray(from, to))
      const whole = take()
      if (!isBlank(whole)) yield whole
      from = to + 1
    }
    if (from < chunk.length) add(chunk.subarray(from))
  }
  if (size === 0) return
  const rest = take()
  if (!isBlank(rest)) yield rest
}

function isBlank({ text }: Line): boolean {
  return text !== null && !/\S/.test(text)
}
