import t from 'tap'
import { readCredentials } from '../../lib/machine/credentials.js'

const status = `Name:\tsleep
NSpid:\t12\t3
CapInh:\t0000000000000000
CapPrm:\t0000000000080000
CapEff:\t0000000000000000
CapBnd:\t000001ffffffffff
CapAmb:\t0000000000080000
NoNewPrivs:\t1
Seccomp:\t2
`

t.test('the credentials of a process are those of /proc/PID/status', async (t) => {
  const root = t.testdir({ proc: { 12: { status }, 'thread-self': { status } } })
  const expected = {
    inheritable: 0n,
    permitted: 0x80000n,
    bounding: 0x1ffffffffffn,
    ambient: 0x80000n,
    noNewPrivs: true,
    filtered: true,
    pidNamespaces: 2,
  }
  t.strictSame(readCredentials(12, root), expected)
  t.strictSame(readCredentials('thread-self', root), expected)
  t.ok(readCredentials('thread-self'))
})

t.test('where a field is missing, nothing is known of the credentials', async (t) => {
  t.equal(readCredentials(12, t.testdir({ proc: {} })), null)
  for (const name of ['CapInh', 'CapPrm', 'CapBnd', 'CapAmb', 'NoNewPrivs', 'Seccomp']) {
    const lacking = status.replace(new RegExp(`^${name}:.*\n`, 'm'), '')
    t.equal(readCredentials(12, t.testdir({ proc: { 12: { status: lacking } } })), null, name)
  }
})
