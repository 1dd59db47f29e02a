import { constants } from 'node:os'
import t from 'tap'
import type { Circumstances } from '../../lib/attach/evidence.js'
import { remediesFor, type Surroundings } from '../../lib/attach/remedies.js'
import { judge } from '../../lib/attach/verdict.js'
import type { Examination } from '../../lib/engine/contract.js'
import { circumstances, type Differences, examination } from '../helpers/examinations.js'

const { errno } = constants
const sysPtrace = 1n << 19n
const netRaw = 1n << 13n

/** What /proc does not show (proc(5), hidepid). */
const hidden: Differences = {
  statErrno: errno.ENOENT,
  statusErrno: errno.ENOENT,
  ownerErrno: errno.ENOENT,
  namespaceErrno: errno.ENOENT,
  uidMapErrno: errno.ENOENT,
  projidMapErrno: errno.ENOENT,
  labelErrno: errno.ENOENT,
}

const ids = (examined: Examination, around: Circumstances) =>
  judge(examined, around).causes.map(({ id }) => id)

for (const [title, examined, around, expected] of [
  [
    'a grant by the oracle is a permission',
    examination('granted'),
    circumstances({ scope: 1 }),
    { verdict: 'allowed', cause: null, certainty: 'proved' },
  ],
  [
    'under scope 1 a process that is no descendant is protected by Yama',
    examination('attach-refused'),
    circumstances({ scope: 1 }),
    { verdict: 'denied', cause: 'yama-restricted', certainty: 'proved' },
  ],
  [
    'under scope 2 Yama asks for CAP_SYS_PTRACE',
    examination('attach-refused'),
    circumstances({ scope: 2 }),
    { verdict: 'denied', cause: 'yama-admin-only', certainty: 'proved' },
  ],
  [
    'under scope 3 Yama refuses holders of CAP_SYS_PTRACE too',
    examination('attach-refused', {}, { capEffective: sysPtrace, capPermitted: sysPtrace }),
    circumstances({ scope: 3 }),
    { verdict: 'denied', cause: 'yama-no-attach', certainty: 'proved' },
  ],
  [
    'a process of another user is protected by its owner',
    examination('refused', { uids: [0, 0, 0], gids: [0, 0, 0], directoryUid: 0, filesUid: 0 }),
    circumstances(),
    { verdict: 'denied', cause: 'owner', certainty: 'proved' },
  ],
  [
    'one differing id of six is enough',
    examination('refused', { uids: [1000, 1000, 1000], gids: [1000, 1000, 5] }),
    circumstances(),
    { verdict: 'denied', cause: 'owner', message: /saved gid is 5/ },
  ],
  [
    'files of /proc that belong to root tell a process that is not dumpable',
    examination('refused', { filesUid: 0 }),
    circumstances(),
    { verdict: 'denied', cause: 'not-dumpable', certainty: 'proved' },
  ],
  [
    'a target with more capabilities than the tracer is protected by them',
    examination('refused', { capPermitted: netRaw }),
    circumstances(),
    { verdict: 'denied', cause: 'capabilities', message: /CAP_NET_RAW/ },
  ],
  [
    'another map is another user namespace',
    examination('refused', { uidMap: '0 1000 1\n' }),
    circumstances(),
    { verdict: 'denied', cause: 'user-namespace' },
  ],
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
    'a tracer that may not read may not attach either',
    examination('refused', { filesUid: 0 }, {}, { pidfdGetfd: null }),
    circumstances(),
    { verdict: 'denied', cause: 'not-dumpable', certainty: 'proved' },
  ],
  [
    'no process can trace itself, by whichever of its threads',
    examination('granted', { threadGroup: 2000 }),
    circumstances(),
    { verdict: 'denied', cause: 'self', certainty: 'proved' },
  ],
  [
    'but another process can be its tracer',
    examination('granted', { threadGroup: 2000 }),
    circumstances({ tracer: 'child', selfPid: null }),
    { verdict: 'allowed', cause: null },
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
    circumstances({ ptrace: { answer: 'EPERM', filtered: true } }),
    { verdict: 'denied', cause: 'seccomp', certainty: 'proved' },
  ],
  [
    'a ptrace that is missing without a filter is blamed on no rule',
    examination('granted'),
    circumstances({ ptrace: { answer: 'ENOSYS', filtered: false } }),
    { verdict: 'denied', cause: 'undetermined', certainty: 'undetermined' },
  ],
  [
    'in a Landlock domain a refusal of READ and ATTACH is inferred to be Landlock’s',
    examination('refused'),
    circumstances({ landlockDomains: 1 }),
    { verdict: 'denied', cause: 'landlock', certainty: 'inferred' },
  ],
  [
    'a confined label and a refusal of ATTACH alone is inferred to be AppArmor’s',
    examination('attach-refused', {}, { label: 'docker-default (enforce)' }),
    circumstances(),
    { verdict: 'denied', cause: 'apparmor', certainty: 'inferred' },
  ],
  [
    'SELinux contexts and a refusal of ATTACH alone is inferred to be SELinux’',
    examination(
      'attach-refused',
      { label: 'system_u:system_r:sshd_t:s0' },
      { label: 'user_u:user_r:user_t:s0' },
    ),
    circumstances({ lsm: ['capability', 'selinux'], yama: false }),
    { verdict: 'denied', cause: 'selinux', certainty: 'inferred' },
  ],
  [
    'a refusal that no visible rule explains is not blamed on any',
    examination('refused', {}, { capEffective: sysPtrace, capPermitted: sysPtrace }),
    circumstances({ scope: 1 }),
    { verdict: 'denied', cause: 'undetermined', certainty: 'undetermined' },
  ],
  [
    'where READ is granted no credential is to blame, and without Yama a module is',
    examination('attach-refused', { filesUid: 0, uids: [0, 0, 0] }),
    circumstances({ yama: false, scope: null }),
    { verdict: 'denied', cause: 'lsm', certainty: 'inferred' },
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
    circumstances({ ptraceKnown: false }),
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

t.test('Yama is not blamed for what it allows', async (t) => {
  const refused = examination('attach-refused')
  t.notOk(ids(refused, circumstances({ scope: 0 })).some((id) => id.startsWith('yama')))
  t.notOk(
    ids(refused, circumstances({ scope: 1, yama: false })).some((id) => id.startsWith('yama')),
  )
  t.notOk(ids(refused, circumstances({ scope: null })).some((id) => id.startsWith('yama')))
  // A descendant of the tracer.
  t.notOk(
    ids(refused, circumstances({ scope: 1, selfPid: 500 })).some((id) => id.startsWith('yama')),
  )
  const capable = examination('attach-refused', {}, { capEffective: sysPtrace })
  t.notOk(ids(capable, circumstances({ scope: 2 })).some((id) => id.startsWith('yama')))
})

t.test('where Yama may be what refuses ATTACH, no other module is blamed', async (t) => {
  const refused = examination('attach-refused')
  const labelled = examination('attach-refused', {}, { label: 'held (enforce)' })
  for (const unknown of [{ scope: null }, { scope: 1, yama: false }] as const) {
    t.strictSame(ids(refused, circumstances(unknown)), [])
    t.strictSame(ids(labelled, circumstances(unknown)), [])
  }
  t.match(judge(refused, circumstances({ scope: 1, yama: null })), {
    cause: 'yama-restricted',
    certainty: 'inferred',
  })
})

t.test('no module is blamed for what may be a credential that cannot be seen', async (t) => {
  const root: Differences = {
    uids: [0, 0, 0],
    gids: [0, 0, 0],
    directoryUid: 0,
    filesUid: 0,
  }
  const label = 'held (enforce)'
  // The files of root's processes belong to root, dumpable or not.
  t.strictSame(ids(examination('refused', root, root), circumstances({ landlockDomains: 1 })), [])
  t.strictSame(ids(examination('refused', root, { ...root, label }), circumstances()), [])
  t.strictSame(ids(examination('refused', hidden, { label }), circumstances()), [])
  t.strictSame(ids(examination('refused', hidden), circumstances({ landlockDomains: 1 })), [])
})

t.test('capabilities over a namespace are none over what was executed further out', async (t) => {
  const root: Differences = { uids: [0, 0, 0], gids: [0, 0, 0], directoryUid: 0 }
  const capable = { ...root, capEffective: sysPtrace, userNamespace: 4026532000 }
  const inside = { ...root, namespaceErrno: 0, userNamespace: 4026532000 }
  const outsider = { ...inside, filesUid: 65534 }
  t.strictSame(ids(examination('refused', outsider, capable), circumstances()), ['not-dumpable'])
})

t.test('a map of project ids that differs tells namespaces apart', async (t) => {
  const alike = { projidMap: '', capPermitted: netRaw }
  t.strictSame(ids(examination('refused', alike), circumstances()), ['user-namespace'])
})

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

t.test('a namespace that the tracer may have made is not blamed beside dumpability', async (t) => {
  const made = { uidMap: '0 1000 1\n', filesUid: 0 }
  t.strictSame(ids(examination('refused', made), circumstances({ scope: 1 })), ['not-dumpable'])
  t.strictSame(ids(examination('refused', made), circumstances({ scope: 3 })), [
    'not-dumpable',
    'yama-no-attach',
  ])
  const outside = { uidMap: '0 4294967295 4294967295\n', filesUid: 0 }
  t.strictSame(ids(examination('refused', outside), circumstances({ scope: 1 })), [
    'not-dumpable',
    'user-namespace',
    'yama-restricted',
  ])
  const other: Differences = { ...made, uids: [7, 7, 7], gids: [7, 7, 7], directoryUid: 7 }
  t.strictSame(ids(examination('refused', other), circumstances()), [
    'owner',
    'not-dumpable',
    'user-namespace',
  ])
})

t.test('a module that refuses READ is named before Yama, which may be told to allow', async (t) => {
  const confined = examination('refused', {}, { label: 'held (enforce)' })
  t.strictSame(ids(confined, circumstances({ scope: 1 })), ['apparmor', 'yama-restricted'])
  t.strictSame(ids(confined, circumstances({ scope: 2 })), ['yama-admin-only', 'apparmor'])
})

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

t.test('what SELinux says when it is asked is not inferred', async (t) => {
  const label = 'user_u:user_r:user_t:s0'
  const told = (
    answered: 'attach-refused' | 'refused',
    [attach, read]: readonly [boolean, boolean],
    around: Parameters<typeof circumstances>[0] = {},
    target: Parameters<typeof examination>[1] = {},
  ) =>
    judge(
      examination(answered, { label, ...target }, { label }),
      circumstances({ lsm: ['yama', 'selinux'], selinux: { attach, read }, ...around }),
    ).causes.map(({ id, certainty }) => `${id} ${certainty}`)
  t.strictSame(told('attach-refused', [false, true]), ['selinux proved'])
  t.strictSame(
    told('attach-refused', [false, true], { scope: 1 }),
    ['selinux proved', 'yama-restricted inferred'],
    'the kernel does not show which tracer the target named, so Yama may allow what SELinux refuses',
  )
  t.strictSame(
    told('attach-refused', [true, true], { scope: 1 }),
    ['yama-restricted proved'],
    'what SELinux grants, Yama refuses',
  )
  t.strictSame(told('attach-refused', [false, true], { scope: 2 }), [
    'yama-admin-only proved',
    'selinux proved',
  ])
  t.strictSame(told('refused', [true, true]), [], 'SELinux grants it, and no other module is seen')
  t.strictSame(
    told('refused', [true, false], { scope: 1 }),
    ['yama-restricted inferred'],
    'a READ that SELinux refuses says nothing of credentials',
  )
  t.strictSame(told('refused', [false, true], {}, { uids: [0, 0, 0], filesUid: 0 }), [
    'owner proved',
    'not-dumpable proved',
    'selinux proved',
  ])
})

t.test('of what /proc hides no module is blamed, for credentials may refuse', async (t) => {
  const confined = examination('refused', hidden, { label: 'held (enforce)' })
  t.strictSame(ids(confined, circumstances()), [])
  t.strictSame(ids(examination('refused', hidden), circumstances({ landlockDomains: 1 })), [])
  t.match(judge(confined, circumstances()).message, /\/proc shows nothing of it \(ENOENT\)/)
})

t.test('what /proc hides and has ended may be gone or a zombie', async (t) => {
  const ended = (answered: 'granted' | 'refused', pidfdGetfd: number) =>
    ids(examination(answered, hidden, {}, { ended: true, pidfdGetfd }), circumstances())
  t.strictSame(ended('granted', errno.ESRCH), ['no-such-process'])
  t.strictSame(ended('refused', errno.EPERM), [])
})

t.test('every verdict is one sentence that names the target', async (t) => {
  for (const answered of ['granted', 'attach-refused', 'refused'] as const) {
    for (const scope of [0, 1, 2, 3] as const) {
      const { message } = judge(examination(answered), circumstances({ scope }))
      t.match(message, /^[A-Z][^\n]*sleep \(1234\)[^\n]*\.$/)
    }
  }
})

const host: Surroundings = {
  container: null,
  childNamespace: false,
  capable: false,
  sealed: false,
  owner: { uid: 1000, gid: 1000 },
  os: { id: 'debian', version: '13' },
}
const advice = (examined: Examination, around: Circumstances, surroundings = host) =>
  remediesFor(judge(examined, around), surroundings).map(({ id }) => id)

t.test('remedies come least privilege first, and a machine-wide one last', async (t) => {
  const offered = remediesFor(
    judge(examination('attach-refused'), circumstances({ scope: 1 })),
    host,
  )
  const weight = { nothing: 0, target: 1, user: 2, machine: 3 }
  t.equal(offered[0]?.weakens, 'nothing')
  t.equal(offered.at(-1)?.weakens, 'machine')
  const machine = offered.findIndex(({ weakens }) => weakens === 'machine')
  t.ok(offered.slice(machine).every(({ weakens }) => weight[weakens] === 3))
})

t.test('no remedy is offered that would not help', async (t) => {
  const restricted = examination('attach-refused')
  t.notOk(
    advice(restricted, circumstances({ scope: 1 }), { ...host, container: 'docker' }).some((id) =>
      id.startsWith('scope'),
    ),
    'a sysctl in a container',
  )
  t.strictSame(advice(restricted, circumstances({ scope: 3 })), ['reboot'])
  const both = examination('refused', { filesUid: 0 })
  t.notOk(
    advice(both, circumstances({ scope: 1 })).some((id) => /name-|become-|scope/.test(id)),
    'half of a cure',
  )
  t.strictSame(advice(examination('granted', { flags: 0x208040 }), circumstances()), [])
  t.notOk(
    advice(examination('refused', {}, { capEffective: sysPtrace }), circumstances()).length,
    'what is not understood',
  )
})

t.test('no command that may be copied holds a name that the target gave itself', async (t) => {
  const name = '$(id)'
  for (const scope of [1, 2, 3] as const) {
    for (const answered of ['attach-refused', 'refused'] as const) {
      const examined = examination(answered, { name, filesUid: answered === 'refused' ? 0 : 1000 })
      for (const { command = '' } of remediesFor(judge(examined, circumstances({ scope })), host))
        t.notOk(command.includes(name))
    }
  }
})

t.test(
  'one capability is offered before root, and a place without a filter before a profile',
  async (t) => {
    const restricted = advice(examination('attach-refused'), circumstances({ scope: 2 }))
    t.strictSame(restricted.slice(0, 2), ['systemd-cap-sys-ptrace', 'run-as-root'])
    const filter = { answer: 'EPERM', filtered: true }
    t.equal(
      advice(examination('granted'), circumstances({ ptrace: filter }))[0],
      'run-outside-the-filter',
    )
  },
)

t.test('where nothing can be gained by execve, no command tries to', async (t) => {
  const sealed = { ...host, sealed: true }
  for (const [examined, around] of [
    [examination('attach-refused'), circumstances({ scope: 1 })],
    [examination('attach-refused'), circumstances({ scope: 2 })],
    [examination('refused', { uids: [0, 0, 0] }), circumstances()],
    [examination('refused', { filesUid: 0 }), circumstances()],
  ] as const) {
    const offered = remediesFor(judge(examined, around), sealed)
    t.notOk(offered.some(({ command }) => /sudo|systemd-run/.test(command ?? '')))
    t.ok(offered.some(({ id }) => id === 'run-outside-as-root'))
    t.notOk(advice(examined, around).includes('run-outside-as-root'), 'where sudo works')
  }
})

t.test('becoming the owner is offered where the target has one', async (t) => {
  const foreign = examination('refused', { uids: [33, 33, 33], gids: [33, 33, 33] })
  const judged = judge(foreign, circumstances())
  const [first] = remediesFor(judged, { ...host, owner: { uid: 33, gid: 34 } })
  t.equal(first?.command, "sudo -u '#33' -g '#34' gdb -p 1234")
  t.notOk(advice(foreign, circumstances(), { ...host, owner: null }).includes('run-as-owner'))
})

t.test('a release of Fedora is told the package that it has', async (t) => {
  const command = (id: string, version: string | null) =>
    remediesFor(judge(examination('attach-refused'), circumstances({ scope: 1 })), {
      ...host,
      os: { id, version },
    }).find((remedy) => remedy.id === 'install-package')?.command
  t.equal(command('fedora', '44'), 'dnf install elfutils-default-yama-scope')
  t.equal(command('fedora', '45'), 'dnf install yama-ptrace-enable')
  t.equal(command('fedora', null), undefined)
  t.equal(command('debian', '45'), undefined)
})

t.test('a profile around a capable tracer may lack the line for the capability', async (t) => {
  const examined = examination(
    'refused',
    { uids: [33, 33, 33] },
    { label: 'cage (enforce)', capEffective: sysPtrace, capPermitted: sysPtrace },
  )
  const judged = judge(examined, circumstances({ scope: 0, lsm: ['apparmor'] }))
  t.equal(judged.cause, 'apparmor')
  const commands = [true, false].map(
    (capable) => remediesFor(judged, { ...host, capable })[0]?.command,
  )
  t.match(commands[0], /^capability sys_ptrace, ptrace /)
  t.match(commands[1], /^ptrace /)
})

t.test('no remedy sets a file capability on a debugger', async (t) => {
  for (const scope of [1, 2, 3] as const) {
    const offered = remediesFor(
      judge(examination('attach-refused'), circumstances({ scope })),
      host,
    )
    t.notOk(offered.some(({ command }) => /setcap/.test(command ?? '')))
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
