import t from 'tap'
import {
  capabilityNames,
  hasSysPtrace,
  parseFileCapabilities,
} from '../../lib/model/capabilities.js'

t.test('a capability has its name from capabilities(7), or its number', async (t) => {
  t.strictSame(capabilityNames(0n), [])
  t.strictSame(capabilityNames((1n << 0n) | (1n << 19n) | (1n << 40n)), [
    'CAP_CHOWN',
    'CAP_SYS_PTRACE',
    'CAP_CHECKPOINT_RESTORE',
  ])
  t.strictSame(capabilityNames(1n << 63n), ['CAP_63'])
})

t.test('CAP_SYS_PTRACE is bit 19 of a set', async (t) => {
  t.ok(hasSysPtrace(1n << 19n))
  t.notOk(hasSysPtrace(~(1n << 19n) & ((1n << 41n) - 1n)))
})

t.test('file capabilities are read in each of their revisions', async (t) => {
  const words = (...numbers: number[]) => {
    const bytes = Buffer.alloc(numbers.length * 4)
    for (const [i, number] of numbers.entries()) bytes.writeUInt32LE(number >>> 0, i * 4)
    return bytes
  }
  const ptrace = 1 << 19
  t.strictSame(parseFileCapabilities(words(0x01000001, ptrace, 0)), {
    permitted: 1n << 19n,
    effective: true,
    inheritable: 0n,
    rootUid: 0,
  })
  t.strictSame(parseFileCapabilities(words(0x02000000, ptrace, 0, 1 << 7, 0)), {
    permitted: (1n << 19n) | (1n << 39n),
    effective: false,
    inheritable: 0n,
    rootUid: 0,
  })
  t.equal(parseFileCapabilities(words(0x03000001, ptrace, 0, 0, 0, 1000))?.rootUid, 1000)
  t.equal(parseFileCapabilities(words(0x04000001, ptrace, 0, 0, 0)), null)
  t.equal(parseFileCapabilities(words(0x02000001, ptrace)), null)
  t.equal(parseFileCapabilities(Buffer.alloc(0)), null)
})
