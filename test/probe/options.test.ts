import t from 'tap'
import { checkProbeOptions, identitiesFor } from '../../lib/probe/options.js'

t.test(
  'without options ten seconds and the three identities of the verdict are used',
  async (t) => {
    t.strictSame(checkProbeOptions(), {
      timeoutMs: 10_000,
      identities: ['caller', 'unprivileged', 'owner'],
      quietKernel: false,
      signal: undefined,
    })
  },
)

t.test('an identity that is named twice is tried once', async (t) => {
  const { identities } = checkProbeOptions({ identities: ['user:a', 'caller', 'user:a'] })
  t.strictSame(identities, ['user:a', 'caller'])
})

for (const [options, code, text] of [
  [null, 'ERR_INVALID_ARG_TYPE', 'null'],
  ['fast', 'ERR_INVALID_ARG_TYPE', "'fast'"],
  [{ timeout: 5 }, 'ERR_INVALID_ARG_VALUE', 'timeout'],
  [{ timeoutMs: '5' }, 'ERR_INVALID_ARG_TYPE', "'5'"],
  [{ timeoutMs: 0 }, 'ERR_OUT_OF_RANGE', '0'],
  [{ timeoutMs: 1.5 }, 'ERR_OUT_OF_RANGE', '1.5'],
  [{ timeoutMs: Number.NaN }, 'ERR_OUT_OF_RANGE', 'NaN'],
  [{ timeoutMs: 600_001 }, 'ERR_OUT_OF_RANGE', '600001'],
  [{ quietKernel: 1 }, 'ERR_INVALID_ARG_TYPE', '1'],
  [{ identities: [] }, 'ERR_INVALID_ARG_TYPE', '[]'],
  [{ identities: 'caller' }, 'ERR_INVALID_ARG_TYPE', "'caller'"],
  [{ identities: ['root'] }, 'ERR_INVALID_ARG_VALUE', "'root'"],
  [{ identities: ['user:'] }, 'ERR_INVALID_ARG_VALUE', "'user:'"],
  [{ identities: [7] }, 'ERR_INVALID_ARG_VALUE', '7'],
  [
    { identities: Array.from({ length: 9 }, (_, i) => `user:u${i}`) },
    'ERR_OUT_OF_RANGE',
    'at most 8',
  ],
] as const) {
  t.test(`options ${JSON.stringify(options)} are refused with ${code}`, async (t) => {
    t.throws(() => checkProbeOptions(options), { code })
    try {
      checkProbeOptions(options)
    } catch (error) {
      t.ok(String(error).includes(text), 'the message names the input')
    }
  })
}

t.test('a user that is named is tried beside the three identities of the verdict', async (t) => {
  t.strictSame(identitiesFor([]), {})
  t.strictSame(identitiesFor(['alice', 'bob']), {
    identities: ['caller', 'unprivileged', 'owner', 'user:alice', 'user:bob'],
  })
})
