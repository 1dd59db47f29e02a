import { constants } from 'node:os'
import t from 'tap'
import { invalidArgument, mayNotBecome, PtraceProbeError } from '../../lib/model/errors.js'

t.test('an error of ours has a code, and an errno as Node has it', async (t) => {
  const cause = new Error('below')
  const error = new PtraceProbeError('No', 'ERR_PTRACE_PROBE_ENGINE', {
    cause,
    errno: 11,
    syscall: 'clone',
  })
  t.match(error, { code: 'ERR_PTRACE_PROBE_ENGINE', errno: -11, syscall: 'clone', cause })
  t.notOk('errno' in new PtraceProbeError('No', 'ERR_PTRACE_PROBE_ENGINE'))
})

t.test('a change of ids that is refused with EPERM or EINVAL takes root', async (t) => {
  for (const name of ['EPERM', 'EINVAL'] as const) {
    const error = mayNotBecome('al\x1bice', constants.errno[name])
    t.match(error, { code: 'ERR_PTRACE_PROBE_IDENTITY', message: `which takes root (${name})` })
    t.notMatch(error?.message, '\x1b')
  }
  t.equal(mayNotBecome('alice', constants.errno.EAGAIN), null)
})

t.test('argument mistakes have the classes and codes of Node', async (t) => {
  const codes = ['type', 'value', 'range'] as const
  t.match(
    codes.map((kind) => invalidArgument(kind, 'No')),
    [
      { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' },
      { name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' },
      { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' },
    ],
  )
})
