/** A part of a stream of the Debug Adapter Protocol. The parts, one after the other, are its bytes. */
export type Piece =
  /** One whole message, with its header. */
  | { readonly kind: 'message'; readonly bytes: Buffer; readonly body: Buffer }
  /** Bytes that are not looked at. */
  | { readonly kind: 'bytes'; readonly bytes: Buffer }

const headerEnd = Buffer.from('\r\n\r\n')
/** No header of the protocol is longer; without an end until here it is something else. */
const maxHeader = 4096

/**
 * Cuts a stream into messages. A message that is longer than `most` bytes is passed on piece by piece,
 * without waiting for its end. From the first byte that is not of the protocol all is passed on so.
 */
export class Framer {
  readonly #most: number
  #held: Buffer[] = []
  #heldLength = 0
  /** The length of the message whose header was read; null: a header comes next. */
  #wanted: { readonly header: number; readonly total: number } | null = null
  /** What is left of a message that is passed on piece by piece. */
  #passing = 0
  #isForeign = false

  constructor(most: number) {
    this.#most = most
  }

  /** Whether a message may be put into the stream here. What is of no protocol has no better place. */
  get isBetween(): boolean {
    return this.#isForeign || (this.#heldLength === 0 && this.#passing === 0)
  }

  *push(chunk: Buffer): Generator<Piece> {
    let rest = chunk
    while (rest.length > 0) {
      if (this.#isForeign) {
        yield { kind: 'bytes', bytes: rest }
        return
      }
      if (this.#passing > 0) {
        const bytes = rest.subarray(0, this.#passing)
        this.#passing -= bytes.length
        rest = rest.subarray(bytes.length)
        yield { kind: 'bytes', bytes }
        continue
      }
      rest = yield* this.#collect(rest)
    }
  }

  /** What is held when the stream ends in the middle of a message. */
  end(): Buffer {
    return this.#take()
  }

  *#collect(chunk: Buffer): Generator<Piece, Buffer> {
    const missing = this.#wanted === null ? chunk.length : this.#wanted.total - this.#heldLength
    this.#hold(chunk.subarray(0, missing))
    const rest = chunk.subarray(missing)
    if (this.#wanted === null) {
      const bytes = this.#joined()
      const at = bytes.indexOf(headerEnd)
      if (at === -1 ? bytes.length > maxHeader : lengthIn(bytes.subarray(0, at)) === null) {
        this.#isForeign = true
        yield { kind: 'bytes', bytes: this.#take() }
        return rest
      }
      if (at === -1) return rest
      const header = at + headerEnd.length
      const total = header + (lengthIn(bytes.subarray(0, at)) ?? 0)
      this.#wanted = { header, total }
    }
    const { header, total } = this.#wanted
    if (total > this.#most) {
      const bytes = this.#take()
      // More than this message may have been held while its header was not complete.
      const own = bytes.subarray(0, total)
      this.#passing = total - own.length
      yield { kind: 'bytes', bytes: own }
      return joined([bytes.subarray(own.length), rest])
    }
    if (this.#heldLength < total) return rest
    const bytes = this.#take()
    const own = bytes.subarray(0, total)
    yield { kind: 'message', bytes: own, body: own.subarray(header) }
    return joined([bytes.subarray(total), rest])
  }

  #hold(bytes: Buffer): void {
    this.#held.push(bytes)
    this.#heldLength += bytes.length
  }

  #joined(): Buffer {
    const all = joined(this.#held)
    this.#held = [all]
    return all
  }

  #take(): Buffer {
    const bytes = this.#joined()
    this.#held = []
    this.#heldLength = 0
    this.#wanted = null
    return bytes
  }
}

/** Copies only where it has to: most messages come in one piece. */
function joined(parts: readonly Buffer[]): Buffer {
  const [first = Buffer.alloc(0), ...more] = parts.filter(({ length }) => length > 0)
  return more.length === 0 ? first : Buffer.concat([first, ...more])
}

/** The length that a header gives; null where it is no header of the protocol. */
function lengthIn(header: Buffer): number | null {
  const fields = header.toString('latin1').split('\r\n')
  if (!fields.every((each) => /^[!-9;-~]+: *[^\r\n]*$/.test(each))) return null
  const lengths = fields.flatMap((each) => /^content-length: *(\d{1,15}) *$/i.exec(each)?.[1] ?? [])
  return lengths.length === 1 ? Number(lengths[0]) : null
}
