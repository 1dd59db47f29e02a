import t from 'tap'
import { Framer, type Piece } from '../../contrib/dap/lib/framer.js'

const message = (body: string, header = `Content-Length: ${Buffer.byteLength(body)}`): Buffer =>
  Buffer.from(`${header}\r\n\r\n${body}`)

/** All that comes out of a stream that arrives in pieces of that size. */
function pieces(bytes: Buffer, size: number, most = 1000): Piece[] {
  const framer = new Framer(most)
  const found: Piece[] = []
  for (let at = 0; at < bytes.length; at += size) {
    found.push(...framer.push(bytes.subarray(at, at + size)))
  }
  const rest = framer.end()
  return rest.length === 0 ? found : [...found, { kind: 'bytes', bytes: rest }]
}

const bodies = (found: readonly Piece[]): string[] =>
  found.flatMap((piece) => (piece.kind === 'message' ? [piece.body.toString()] : []))

const streams: Readonly<Record<string, { bytes: Buffer; bodies: readonly string[] }>> = {
  'messages one after the other': {
    bytes: Buffer.concat([message('{"a":1}'), message('{}'), message('"é"')]),
    bodies: ['{"a":1}', '{}', '"é"'],
  },
  'other fields and other cases in a header': {
    bytes: message('{}', 'content-length:2\r\nContent-Type: text/plain'),
    bodies: ['{}'],
  },
  'a message without a body': { bytes: message(''), bodies: [''] },
  'a message that is longer than is looked at': {
    bytes: Buffer.concat([message('{}'), message('x'.repeat(5000)), message('[]')]),
    bodies: ['{}', '[]'],
  },
  'a stream that ends in the middle of a message': {
    bytes: Buffer.concat([message('{}'), message('{"cut":true}').subarray(0, 25)]),
    bodies: ['{}'],
  },
  'bytes that are no header': {
    bytes: Buffer.concat([message('{}'), Buffer.from('oops\r\n\r\n'), message('[]')]),
    bodies: ['{}'],
  },
  'a header without a length': { bytes: message('{}', 'Content-Type: x'), bodies: [] },
  'a header with two lengths': {
    bytes: message('{}', 'Content-Length: 2\r\nContent-Length: 3'),
    bodies: [],
  },
  'a length that is no number': { bytes: message('{}', 'Content-Length: -2'), bodies: [] },
  'a header that does not end': { bytes: Buffer.from('Content-Length: 1'.repeat(400)), bodies: [] },
}

for (const [name, stream] of Object.entries(streams)) {
  t.test(`${name}: every byte is passed on, in whatever pieces it arrives`, async (t) => {
    for (const size of [1, 2, 3, 7, 64, 4096, 1 << 20]) {
      const found = pieces(stream.bytes, size)
      t.ok(Buffer.concat(found.map(({ bytes }) => bytes)).equals(stream.bytes), `by ${size}`)
      t.strictSame(bodies(found), stream.bodies, `by ${size}`)
    }
  })
}

t.test('a message may be put in between two messages only', async (t) => {
  const framer = new Framer(0)
  t.equal(framer.isBetween, true)
  const whole = message('{"a":1}')
  const seen: boolean[] = []
  for (const byte of whole) {
    for (const _ of framer.push(Buffer.from([byte]))) seen.push(framer.isBetween)
  }
  t.strictSame(
    seen,
    [...Array(whole.length - '\r\n\r\n'.length).fill(false)].slice(-7).concat(true),
  )
  t.equal(framer.isBetween, true)
})

t.test('a message of a gigabyte is not kept', async (t) => {
  const framer = new Framer(1000)
  const chunk = Buffer.alloc(1 << 20, 0x20)
  const total = 1 << 30
  let passed = 0
  for (const piece of framer.push(Buffer.from(`Content-Length: ${total}\r\n\r\n`))) {
    passed += piece.bytes.length
  }
  const before = process.memoryUsage().rss
  for (let at = 0; at < total; at += chunk.length) {
    for (const piece of framer.push(chunk)) passed += piece.bytes.length
  }
  t.equal(passed, total + `Content-Length: ${total}\r\n\r\n`.length)
  t.ok(process.memoryUsage().rss - before < 100 << 20)
  t.equal(framer.isBetween, true)
})
