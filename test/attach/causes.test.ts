import { constants } from 'node:os'
import t from 'tap'
import type { Circumstances } from '../../lib/attach/evidence.js'
import { judge } from '../../lib/attach/verdict.js'
import {
  circumstances,
  type Differences,
  examination,
  ids,
  netRaw,
  sysPtrace,
} from '../helpers/examinations.js'

const { errno } = constants

for (const [title, examined, around, expected] of [
  [
    'a grant by the oracle is a permission',
    examination('granted'),
    circumstances({ scope: 1 }),
    { verdict: 'allowed', cause: null, certainty: 'proved' },
  ],
  [
    'but another process can be its tracer',
    examination('granted', { threadGroup: 2000 }),
    circumstances({ tracer: 'child', selfPid: null }),
    { verdict: 'allowed', cause: null },
  ],
  [
    'a ptrace that is missing without a filter is blamed on no rule',
    examination('granted'),
    circumstances({ call: { works: false, answer: 'ENOSYS' } }),
    { verdict: 'denied', cause: 'undetermined', certainty: 'undetermined' },
  ],
  [
    'a refusal that no visible rule explains is not blamed on any',
    examination('refused', {}, { capEffective: sysPtrace, capPermitted: sysPtrace }),
    circumstances({ scope: 1 }),
    { verdict: 'denied', cause: 'undetermined', certainty: 'undetermined' },
  ],
  [
    'a hidden process is not called free of tracers',
    examination('granted', { statErrno: errno.ENOENT, statusErrno: errno.ENOENT }),
    circumstances(),
    { verdict: 'undetermined', cause: 'undetermined' },
  ],
  [
    'a grant is no permission while ptrace itself may be filtered',
    examination('granted'),
    circumstances({ call: { works: null } }),
    { verdict: 'undetermined', cause: 'undetermined' },
  ],
  [
    'without any oracle nothing is said',
    examination('granted', {}, {}, { pidfdGetfd: null }),
    circumstances(),
    { verdict: 'undetermined', cause: 'undetermined' },
  ],
] as const) {
  t.test(title, async (t) => {
    t.match(judge(examined, around), expected)
  })
}

t.test(
  'a refusal to open /proc/PID/mem is one of ptrace only where nothing else can refuse',
  async (t) => {
    const asked = { pidfdGetfd: null, procMem: errno.EACCES }
    const verdictOf = (target: object, self: object, around: Circumstances, read: number) =>
      judge(examination('attach-refused', target, self, { ...asked, read }), around).verdict
    const plain = circumstances({ scope: 2 })
    t.equal(verdictOf({}, {}, plain, 0), 'denied')
    t.equal(verdictOf({ filesUid: 0 }, {}, plain, errno.EPERM), 'denied')
    t.equal(verdictOf({ filesUid: 0 }, {}, plain, 0), 'undetermined')
    t.equal(verdictOf({}, {}, circumstances({ scope: 2, landlockDomains: 1 }), 0), 'undetermined')
    t.equal(verdictOf({}, { label: 'held (enforce)' }, plain, 0), 'undetermined')
    t.equal(verdictOf({ capPermitted: netRaw }, { capPermitted: netRaw }, plain, 0), 'undetermined')
  },
)

t.test('a process whose status cannot be read is not described as one of root', async (t) => {
  const unread = examination('refused', { statusErrno: errno.EACCES })
  const { target, verdict } = judge(unread, circumstances())
  t.equal(target, null)
  t.equal(verdict, 'denied')
})

t.test('two rules that refuse are both reported, in the kernel’s order', async (t) => {
  const other: Differences = {
    uids: [7, 7, 7],
    gids: [7, 7, 7],
    directoryUid: 7,
    filesUid: 0,
  }
  t.strictSame(ids(examination('refused', other), circumstances({ scope: 1 })), [
    'owner',
    'not-dumpable',
    'yama-restricted',
  ])
  t.strictSame(ids(examination('granted', { tracer: 9 }), circumstances()), ['already-traced'])
})

t.test(
  'no rule is blamed where a namespace of the tracer’s own and Landlock may both refuse',
  async (t) => {
    const foreign = examination('refused', { uidMap: '' })
    t.match(judge(foreign, circumstances({ landlockDomains: 1 })), {
      verdict: 'denied',
      cause: 'undetermined',
    })
  },
)

t.test(
  'a module is known by the form of its labels, where the list of modules is hidden',
  async (t) => {
    const labelled = (label: string) =>
      ids(
        examination('attach-refused', { label }, { label }),
        circumstances({ lsm: null, yama: false }),
      )
    t.strictSame(labelled('user_u:user_r:user_t:s0'), ['selinux'])
    t.strictSame(labelled('docker-default (enforce)'), ['apparmor'])
    t.strictSame(labelled('unconfined'), ['lsm'])
    t.strictSame(labelled('browser (unconfined)'), ['lsm'])
    t.strictSame(labelled('_'), ['lsm'])
    const smack = examination('attach-refused', { label: '_' }, { label: 'User' })
    t.strictSame(ids(smack, circumstances({ lsm: ['smack'], yama: false })), ['smack'])
  },
)

t.test('no message carries a character that a terminal obeys', (t) => {
  const name = 'a\u001b[2J\r\u202e\u2028'
  const label = '\u001b]0;title\u0007'
  for (const answered of ['granted', 'attach-refused', 'refused'] as const) {
    const { message, causes } = judge(examination(answered, { name, label }), circumstances())
    for (const text of [message, ...causes.map((cause) => cause.message)]) {
      t.notMatch(text, /[\p{C}\p{Zl}]/u)
    }
    t.match(message, 'a?[2J??? (1234)')
  }
  t.end()
})

t.test('every verdict is one sentence that names the target', async (t) => {
  for (const answered of ['granted', 'attach-refused', 'refused'] as const) {
    for (const scope of [0, 1, 2, 3] as const) {
      const { message } = judge(examination(answered), circumstances({ scope }))
      t.match(message, /^[A-Z][^\n]*sleep \(1234\)[^\n]*\.$/)
    }
  }
})

for (const [title, examined, around, suspicion] of [
  [
    'a Landlock domain may refuse as well what credentials refuse',
    examination('refused', { uids: [0, 0, 0] }),
    circumstances({ landlockDomains: 1 }),
    /; the Landlock domain that the tracer is in may refuse as well\.$/,
  ],
  [
    'a profile may refuse as well what credentials refuse',
    examination('refused', { uids: [0, 0, 0] }, { label: 'cage (enforce)' }),
    circumstances(),
    /; AppArmor, which confines the tracer or it, may refuse as well\.$/,
  ],
  [
    'a profile may refuse as well what Yama refuses',
    examination('attach-refused', {}, { label: 'cage (enforce)' }),
    circumstances({ scope: 2 }),
    /; AppArmor, which confines the tracer or it, may refuse as well\.$/,
  ],
  [
    'a Landlock domain that grants READ does not refuse',
    examination('attach-refused'),
    circumstances({ scope: 2, landlockDomains: 1 }),
    /\(scope 2\)\.$/,
  ],
  [
    'no module is suspected where none confines',
    examination('refused', { uids: [0, 0, 0] }),
    circumstances(),
    /and gid 1000\.$/,
  ],
] as const) {
  t.test(title, async (t) => {
    const { message, causes } = judge(examined, around)
    t.match(message, suspicion)
    t.equal(causes.length, 1, 'a suspicion is no cause')
  })
}
