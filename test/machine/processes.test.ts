import t from 'tap'
import { processesNamed, processIds, userOfProcess } from '../../lib/machine/processes.js'

t.test('processes are listed by number, and found by the 15 bytes of their name', async (t) => {
  const root = t.testdir({
    proc: {
      10: { comm: 'a-long-name-of-\n' },
      9: { comm: 'sleep\n' },
      2: { comm: 'sleep\n' },
      self: t.fixture('symlink', '7'),
      3: {},
    },
  })
  t.strictSame(processIds(7, root), [2, 3, 9, 10])
  t.strictSame(processesNamed('sleep', 7, root), [2, 9])
  t.strictSame(processesNamed('a-long-name-of-a-program', 7, root), [10])
  t.strictSame(processesNamed('none', 7, root), [])
})

t.test('no process is listed where /proc does not show this one', async (t) => {
  for (const proc of [{}, { 1: {}, self: t.fixture('symlink', '8') }]) {
    const root = t.testdir({ proc })
    t.throws(() => processIds(7, root), {
      code: 'ERR_PTRACE_PROBE_ENGINE',
      message: /PID namespace/,
    })
    t.throws(() => processesNamed('sleep', 7, root), { code: 'ERR_PTRACE_PROBE_ENGINE' })
  }
})

t.test('the user of a process is shown as long as it lives', async (t) => {
  t.equal(userOfProcess(process.pid), process.geteuid?.())
  t.equal(userOfProcess(2 ** 30), null)
})
