import type { DebugProtocol } from '@vscode/debugprotocol'

import { field } from '../../check/field.js'

/** An `attach` request, as far as it is looked at. */
export interface AttachRequest {
  readonly seq: number
  readonly arguments: unknown
}

/** The request to attach that a message is; null for every other message. */
export function attachRequestIn(body: Buffer): AttachRequest | null {
  // Most messages are not parsed. In JSON a letter may also be written as its number.
  if (!body.includes('"attach"') && !body.includes('\\u')) return null
  const message = parse(body)
  const seq = field(message, 'seq')
  const isAttach = field(message, 'type') === 'request' && field(message, 'command') === 'attach'
  if (!isAttach || typeof seq !== 'number') return null
  return { seq, arguments: field(message, 'arguments') }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return null // the adapter will say so
  }
}

/** A message of ours needs no number of its own: adapters such as lldb-dap number all of theirs 0. */
const seq = 0

/** Any number; it names our error among those of the adapter. */
const errorId = 40_077

/** The answer that a client shows to its user. */
export function refusalOf({ seq: request_seq }: AttachRequest, text: string): Buffer {
  const response: DebugProtocol.ErrorResponse = {
    seq,
    type: 'response',
    request_seq,
    command: 'attach',
    success: false,
    message: text,
    // A format holds names in braces, which a text may contain; so the text is such a name.
    body: {
      error: { id: errorId, format: '{text}', variables: { text }, showUser: true },
    },
  }
  return framed(response)
}

/** A line in the client's console. */
export function outputOf(text: string): Buffer {
  const event: DebugProtocol.OutputEvent = {
    seq,
    type: 'event',
    event: 'output',
    body: { category: 'important', output: `${text}\n` },
  }
  return framed(event)
}

function framed(message: DebugProtocol.ProtocolMessage): Buffer {
  const body = Buffer.from(JSON.stringify(message))
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body])
}
