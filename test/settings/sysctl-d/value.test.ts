import t from 'tap'
import { writtenScope } from '../../../lib/settings/sysctl-d/value.js'

// Seen on Linux 5.10, 6.1 and 7.3: these, and each byte before and after a digit.
for (const [text, scope] of [
  ...['0', '-0', '00', '0x0', '-0x0', '0'.repeat(20)].map((zero) => [zero, 0] as const),
  ...['1', '01', '0X1', '1 2', '1\t', '1 # why', '\v1', '\u00a01'].map((one) => [one, 1] as const),
  ...['2', `${' '.repeat(4000)}2`, `2${' '.repeat(5000)}x`].map((two) => [two, 2] as const),
  ...['3', '0x3', `0x${'0'.repeat(17)}3`].map((three) => [three, 3] as const),
  ...['', '4', '-1', '+1', '08', '010', '0x', '1.0', '1,2', '1#', '"1"', 'one', '- 1'].map(
    (text) => [text, null] as const,
  ),
  ...['1\v', '1\u00a0', '\u00c2\u00a01', '4294967297', '0'.repeat(21), `${' '.repeat(4095)}2`].map(
    (text) => [text, null] as const,
  ),
] as const) {
  t.test(
    `the kernel makes ${scope ?? 'EINVAL'} of ${JSON.stringify(text.slice(0, 30))}`,
    async (t) => {
      t.equal(writtenScope(text), scope)
    },
  )
}
