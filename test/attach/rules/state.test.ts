import { constants } from 'node:os'
import t from 'tap'
import { judge } from '../../../lib/attach/verdict.js'
import { circumstances, examination, hidden, ids } from '../../helpers/examinations.js'

const { errno } = constants

for (const [title, examined, around, expected] of [
  [
    'a kernel thread cannot be traced, whatever access is granted',
    examination('granted', { flags: 0x208040 }),
    circumstances(),
    { verdict: 'denied', cause: 'kernel-thread', certainty: 'proved' },
  ],
  [
    'a zombie cannot be traced',
    examination('granted', { state: 'Z' }, {}, { pidfdGetfd: errno.ESRCH, ended: true }),
    circumstances(),
    { verdict: 'denied', cause: 'zombie', certainty: 'proved' },
  ],
  [
    'a process has one tracer at a time',
    examination('granted', { tracer: 77 }),
    circumstances(),
    { verdict: 'denied', cause: 'already-traced', message: /gdb \(77\) traces it/ },
  ],
  [
    'a tracer outside of this PID namespace shows by the stop that it keeps the process in',
    examination('granted', { state: 't' }),
    circumstances(),
    { verdict: 'denied', cause: 'already-traced', certainty: 'proved' },
  ],
  [
    'a process whose first thread has ended cannot be traced by its number',
    examination('granted', { state: 'Z', threads: 2 }, {}, { pidfdGetfd: errno.ESRCH }),
    circumstances(),
    { verdict: 'denied', cause: 'zombie', message: /its first thread has ended/ },
  ],
  [
    'get_robust_list knows as well as pidfd_open that there is no such process',
    examination(
      'granted',
      { statErrno: errno.ENOENT, statusErrno: errno.ENOENT },
      {},
      { pidfdErrno: errno.ENOSYS, pidfdGetfd: null, vmRead: errno.ESRCH, read: errno.ESRCH },
    ),
    circumstances(),
    { verdict: 'denied', cause: 'no-such-process', certainty: 'proved' },
  ],
  [
    'no process can trace itself, by whichever of its threads',
    examination('granted', { threadGroup: 2000 }),
    circumstances(),
    { verdict: 'denied', cause: 'self', certainty: 'proved' },
  ],
  [
    'ESRCH from pidfd_open means that there is no such process here',
    examination('granted', { statErrno: errno.ESRCH }, {}, { pidfdErrno: errno.ESRCH }),
    circumstances(),
    { verdict: 'denied', cause: 'no-such-process', certainty: 'proved' },
  ],
  [
    'a filter on ptrace refuses although access would be granted',
    examination('granted'),
    circumstances({ call: { works: false, answer: 'EPERM' }, filtered: true }),
    { verdict: 'denied', cause: 'seccomp', certainty: 'proved' },
  ],
] as const) {
  t.test(title, async (t) => {
    t.match(judge(examined, around), expected)
  })
}

t.test('what /proc hides and has ended may be gone or a zombie', async (t) => {
  const ended = (answered: 'granted' | 'refused', pidfdGetfd: number) =>
    ids(examination(answered, hidden, {}, { ended: true, pidfdGetfd }), circumstances())
  t.strictSame(ended('granted', errno.ESRCH), ['no-such-process'])
  t.strictSame(ended('refused', errno.EPERM), [])
})
