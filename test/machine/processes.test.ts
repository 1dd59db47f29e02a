import t from 'tap'
import { processesNamed, processIds, readPlace, readSeccomp } from '../../lib/machine/facts.js'

const status = (fields: string) => ({
  proc: { 'thread-self': { status: `Name:\tnode\n${fields}` } },
})

t.test('processes are listed by number, and found by the 15 bytes of their name', async (t) => {
  const root = t.testdir({
    proc: {
      10: { comm: 'a-long-name-of-\n' },
      9: { comm: 'sleep\n' },
      2: { comm: 'sleep\n' },
      self: { comm: 'sleep\n' },
      3: {},
    },
  })
  t.strictSame(processIds(root), [2, 3, 9, 10])
  t.strictSame(processesNamed('sleep', root), [2, 9])
  t.strictSame(processesNamed('a-long-name-of-a-program', root), [10])
  t.strictSame(processesNamed('none', root), [])
})

t.test('a process with no_new_privs, or without CAP_SYS_PTRACE to gain, is sealed', async (t) => {
  const sealed = (fields: string) => readPlace(t.testdir(status(fields))).sealed
  t.equal(sealed('NoNewPrivs:\t1\nCapBnd:\t000001ffffffffff\n'), true)
  t.equal(sealed('NoNewPrivs:\t0\nCapBnd:\t000001fffff7ffff\n'), true)
  t.equal(sealed('NoNewPrivs:\t0\nCapBnd:\t000001ffffffffff\n'), false)
})

t.test('whether a seccomp filter answers is read of this thread', async (t) => {
  t.equal(readSeccomp(t.testdir(status('Seccomp:\t2\n'))), 'filter')
  t.equal(readSeccomp(t.testdir({})), null)
})
