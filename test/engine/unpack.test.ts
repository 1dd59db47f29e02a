import t from 'tap'
import { type Packed, unpack } from '../../lib/engine/unpack.js'

/** Process 7, which was granted; `capabilities` in halves. */
const granted = (capabilities: readonly [number, number]): Packed => ({
  numbers: [
    ...[7, 0, 0, 1],
    ...[9, -1, -1, -1],
    ...[0, 0x400000, 1, 1, 12345],
    ...[0, 7, 0, 1000, 1001, 1002, 2000, 2001, 2002, ...capabilities, 0, 0],
    ...[0, 0, 0],
  ],
  text: 'sleep\0S\0\0',
})

t.test('an examination comes out as the addon has packed it', async (t) => {
  const [found, ...others] = unpack(granted([1, 0x80000]), 1)
  t.strictSame(others, [])
  t.strictSame(found, {
    pid: 7,
    pidfdErrno: 0,
    ended: false,
    procIsOurs: true,
    pidfdGetfd: 9,
    vmRead: null,
    procMem: null,
    read: null,
    target: {
      stat: { name: 'sleep', state: 'S', flags: 0x400000, parent: 1, threads: 1, startTime: 12345 },
      status: {
        threadGroup: 7,
        tracer: 0,
        uids: [1000, 1001, 1002],
        gids: [2000, 2001, 2002],
        capPermitted: 0x1_0008_0000n,
        capEffective: 0n,
      },
    },
    tracerName: '',
    closer: null,
    inVfork: false,
    threads: null,
  })
})

t.test('what was not read is an errno, and nothing after it is shifted', async (t) => {
  const numbers = [...[7, 0, 1, 1], ...[1, -1, -1, 1], ...[2, 13], ...[0, 0, 0]]
  const [found] = unpack({ numbers, text: '\0' }, 1)
  t.strictSame(found?.target, { stat: { errno: 2 }, status: { errno: 13 } })
  t.equal(found?.ended, true)
  t.equal(found?.read, 1)
})

t.test('an answer that is too short is an error, and no fact', async (t) => {
  const { numbers, text } = granted([0, 0])
  for (const short of [
    { numbers: numbers.slice(0, -1), text },
    { numbers, text: 'sleep' },
  ]) {
    t.throws(() => unpack(short, 1), { message: 'The addon answered less than it was asked for' })
  }
  t.throws(() => unpack({ numbers, text }, 2))
})
