import t from 'tap'
import { readWatched } from '../../lib/machine/watched.js'
import { running, system } from '../helpers/systems.js'

const status = (state: string, tracer = 0) =>
  `Name:\tsleep\nUmask:\t0022\nState:\t${state}\nPPid:\t1\nTracerPid:\t${tracer}\n` +
  'Uid:\t1000\t1000\t1000\t1000\nGid:\t1000\t1000\t1000\t1000\nVmRSS:\t1 kB\nCapEff:\t0000000000000000\n'

t.test('what rules look at is read, and nothing that changes all the time', async (t) => {
  const facts = (state: string) =>
    readWatched([7], system(t, running(1), { 'proc/7/status': status(state) }))
  t.strictSame(facts('S (sleeping)'), {
    'kernel.yama.ptrace_scope': '1',
    7: 'there',
    '7 Name': 'sleep',
    '7 State': 'running',
    '7 PPid': '1',
    '7 TracerPid': '0',
    '7 Uid': '1000 1000 1000 1000',
    '7 Gid': '1000 1000 1000 1000',
    '7 CapEff': '0000000000000000',
  })
  t.strictSame(facts('R (running)'), facts('S (sleeping)'))
  t.strictSame(facts('D (disk sleep)'), facts('S (sleeping)'))
  t.equal(facts('T (stopped)')['7 State'], 'T (stopped)')
})

t.test('a process that is gone, and a kernel without Yama, are facts, too', async (t) => {
  t.strictSame(readWatched([7], system(t, running(null))), {
    'kernel.yama.ptrace_scope': 'no such file',
    7: 'gone',
  })
})
