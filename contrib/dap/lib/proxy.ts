import type { Readable, Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'

import { Framer } from './framer.js'
import { type AttachRequest, attachRequestIn } from './requests.js'

/** What becomes of a request to attach. */
export interface Decision {
  /** What the client is told, as bytes of the protocol; null: nothing. */
  readonly tell: Buffer | null
  readonly forward: boolean
}

/** The streams between which messages are passed on. */
export interface Ends {
  readonly client: { readonly input: Readable; readonly output: Writable }
  readonly adapter: {
    readonly input: Writable
    readonly output: Readable
    /** Settles when the adapter has ended. */
    readonly ended: Promise<unknown>
  }
}

/** Longer requests to attach are not looked at. */
const longest = 1 << 20
/** How long an adapter that has ended may be quiet. What it left behind may hold its output open for ever. */
const quietMs = 500

/**
 * Passes on every byte in both directions, and asks what becomes of a request to attach. What the
 * client sends after such a request waits for the answer. Settles when the adapter has ended its output, or
 * has ended itself and nothing more comes.
 *
 * @param decide - never rejects
 */
export async function passOn(
  { client, adapter }: Ends,
  decide: (request: AttachRequest) => Promise<Decision>,
): Promise<void> {
  const told: Buffer[] = []
  // What comes from the adapter is looked at for its ends only, and is never held back.
  const answers = new Framer(0)
  const tell = async (): Promise<void> => {
    while (answers.isBetween && told.length > 0) await write(client.output, told.shift())
  }
  let [seen, isWriting] = [0, false]
  const toClient = async (): Promise<void> => {
    for await (const chunk of chunksOf(adapter.output)) {
      seen += 1
      isWriting = true
      for (const piece of answers.push(chunk)) {
        await write(client.output, piece.bytes)
        if (told.length > 0) await tell()
      }
      isWriting = false
    }
    await write(client.output, answers.end())
  }
  const closeWhenQuiet = async (): Promise<void> => {
    await adapter.ended
    for (let before = -1; isWriting || before !== seen; ) {
      before = seen
      await delay(quietMs, undefined, { ref: false })
    }
    adapter.output.destroy()
  }
  const toAdapter = async (): Promise<void> => {
    const requests = new Framer(longest)
    for await (const chunk of chunksOf(client.input)) {
      for (const piece of requests.push(chunk)) {
        const request = piece.kind === 'message' ? attachRequestIn(piece.body) : null
        const decision = request === null ? null : await decide(request)
        if (decision?.tell) told.push(decision.tell)
        await tell()
        if (decision?.forward !== false) await write(adapter.input, piece.bytes)
      }
    }
    await write(adapter.input, requests.end())
    adapter.input.end()
  }
  void toAdapter()
  void closeWhenQuiet()
  await toClient()
}

/** What comes until a stream ends, or is closed by either side: a connection that breaks has ended. */
async function* chunksOf(stream: Readable): AsyncGenerator<Buffer> {
  try {
    yield* stream
  } catch {}
}

/** Settles when the stream wants more; what is closed takes nothing. */
async function write(stream: Writable, bytes: Buffer | undefined): Promise<void> {
  if (bytes === undefined || bytes.length === 0 || !stream.writable) return
  if (!stream.write(bytes)) await goesOn(stream)
}

/** Leaves no listener behind: in a long session a stream is full more often than Node allows listeners. */
function goesOn(stream: Writable): Promise<void> {
  return new Promise((done) => {
    const settle = (): void => {
      stream.off('drain', settle).off('close', settle)
      done()
    }
    stream.on('drain', settle).on('close', settle)
  })
}
