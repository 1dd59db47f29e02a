import { constants } from 'node:os'
import t from 'tap'
import type { Circumstances } from '../../lib/attach/evidence.js'
import { remediesFor } from '../../lib/attach/remedies.js'
import type { Surroundings } from '../../lib/attach/surroundings.js'
import { judge } from '../../lib/attach/verdict.js'
import type { Examination } from '../../lib/engine/examination.js'
import { causes } from '../../lib/model/index.js'
import { circumstances, examination, netRaw, sysPtrace } from '../helpers/examinations.js'

const { errno } = constants

const host: Surroundings = {
  container: null,
  childNamespace: false,
  capable: false,
  sealed: false,
  withheld: false,
  denyPtrace: false,
  rootRefused: false,
  systemd: true,
  tracerUid: 1000,
  maySwitch: false,
  group: null,
  command: 'ptrace-probe',
  inShell: false,
  targetOutside: false,
  namespaces: false,
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

t.test('systemd-run is offered only where systemd runs, for the user of the tracer', async (t) => {
  const judged = judge(examination('attach-refused'), circumstances({ scope: 1 }))
  const commands = (surroundings: Surroundings) =>
    remediesFor(judged, surroundings).flatMap(({ command }) => command ?? [])
  t.ok(
    commands({ ...host, tracerUid: 1001 }).includes(
      'systemd-run -t --uid=1001 -p AmbientCapabilities=CAP_SYS_PTRACE gdb -p 1234',
    ),
  )
  const others = [
    ...commands({ ...host, systemd: false }),
    ...commands({ ...host, tracerUid: null }),
  ]
  t.notMatch(others.join(), 'systemd-run')
})

t.test('where no rule explains the refusal, root is told how to look for one', async (t) => {
  const unexplained = examination('refused', {}, { capEffective: sysPtrace })
  t.strictSame(advice(unexplained, circumstances()), ['find-the-rule'])
  t.strictSame(advice(unexplained, circumstances(), { ...host, container: 'docker' }), [])
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
    const filter = { call: { works: false, answer: 'EPERM' }, filtered: true } as const
    t.equal(advice(examination('granted'), circumstances(filter))[0], 'run-outside-the-filter')
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

t.test('where root could be refused behind what refuses the user, root asks first', async (t) => {
  const command = (examined: Examination, around: Circumstances, rootRefused: boolean | null) =>
    remediesFor(judge(examined, around), { ...host, rootRefused }).find(
      ({ id }) => id === 'run-as-root',
    )
  const foreign = examination('refused', { uids: [0, 0, 0] })
  const unasked = command(foreign, circumstances(), null)
  t.equal(unasked?.command, 'sudo ptrace-probe check 1234 && sudo gdb -p 1234')
  t.match(unasked?.does, 'only root can ask whether root is refused, too')
  t.equal(command(foreign, circumstances(), false)?.command, 'sudo gdb -p 1234', 'root has asked')
  const restricted = command(examination('attach-refused'), circumstances({ scope: 1 }), null)
  t.equal(restricted?.command, 'sudo gdb -p 1234', 'READ access is granted: no rule is behind Yama')
  t.equal(restricted?.does, 'Run the debugger as root, which has CAP_SYS_PTRACE.')
})

t.test('becoming the owner is offered where the target has one', async (t) => {
  const foreign = examination('refused', { uids: [33, 33, 33], gids: [33, 33, 33] })
  const judged = judge(foreign, circumstances())
  const [first] = remediesFor(judged, { ...host, owner: { uid: 33, gid: 34 } })
  t.equal(first?.command, 'sudo setpriv --reuid=33 --regid=34 --clear-groups gdb -p 1234')
  t.notOk(advice(foreign, circumstances(), { ...host, owner: null }).includes('run-as-owner'))
})

t.test('where the file of the scope is missing, its behaviour stands for it', async (t) => {
  for (const [scope, cause] of [
    [1, 'yama-restricted'],
    [2, 'yama-admin-only'],
  ] as const) {
    const around = circumstances({ scope, scopeFrom: 'behaviour' })
    const evidence = [{}, { source: 'scope by attempts among own processes', result: `${scope}` }]
    t.match(judge(examination('attach-refused'), around), { cause, causes: [{ evidence }] })
  }
})

t.test('where nothing explains a refusal, what was ruled out is told', async (t) => {
  const held = { capEffective: sysPtrace, capPermitted: sysPtrace }
  const { message } = judge(examination('refused', {}, held), circumstances({ scope: 1 }))
  t.equal(
    message,
    'This process may not attach to sleep (1234): access is refused, and no rule that can be seen explains it; ' +
      'ruled out: a seccomp filter (PTRACE_ATTACH reaches the kernel), ' +
      'ids, the dumpable flag, capabilities and user namespaces (the tracer has CAP_SYS_PTRACE), ' +
      'Yama (reading is refused, which it never does), Landlock (the tracer is in no domain), ' +
      'SELinux, AppArmor and Smack (neither process is confined by one), another tracer (TracerPid is 0).',
  )
  const open = judge(
    examination('refused', { label: 'held (enforce)', statusErrno: errno.ENOENT }),
    circumstances({ scope: 3, landlockDomains: null, lsm: null, yama: null }),
  )
  t.equal(open.cause, 'undetermined')
  t.notMatch(open.message, /Landlock|AppArmor|tracer \(|ids/, 'nothing that may refuse')
})

t.test('SELinux may withhold a capability, and then Yama refuses', async (t) => {
  const label = 'staff_u:sysadm_r:sysadm_t:s0'
  const held = { capEffective: sysPtrace, capPermitted: sysPtrace, uids: [0, 0, 0], label } as const
  const selinux = {
    attach: true,
    read: true,
    capability: { initial: false, child: true },
    denyPtrace: false,
  }
  const root = { uids: [0, 0, 0], filesUid: 0, label } as const
  for (const [scope, cause] of [
    [1, 'yama-restricted'],
    [2, 'yama-admin-only'],
  ] as const) {
    const around = circumstances({ scope, lsm: ['yama', 'selinux'], selinux })
    const judged = judge(examination('attach-refused', root, held), around)
    t.match(judged, {
      cause,
      certainty: 'proved',
      causes: { length: 1 },
      message: /SELinux's policy does not let its context use it/,
    })
    const offered = remediesFor(judged, { ...host, capable: true, withheld: true })
    t.ok(offered.some(({ id }) => id === 'selinux-capability'))
    t.notOk(offered.some(({ command = '' }) => command.startsWith('sudo')))
  }
  const other = { uids: [1000, 1000, 1000], label } as const
  const judged = judge(
    examination('refused', other, held),
    circumstances({ lsm: ['yama', 'selinux'], selinux }),
  )
  t.match(judged, {
    cause: 'owner',
    certainty: 'proved',
    message: /does not let its context use it/,
  })
  const inNamespace = judge(
    examination('attach-refused', { ...root, userNamespace: 4026532000 }, held),
    circumstances({ scope: 2, lsm: ['yama', 'selinux'], selinux }),
  )
  t.not(inNamespace.cause, 'yama-admin-only', 'cap_userns is another class')
})

t.test('the boolean that denies ptrace to all is named, and can be switched off', async (t) => {
  const label = 'staff_u:sysadm_r:sysadm_t:s0'
  const capability = { initial: true, child: true }
  for (const denyPtrace of [true, false]) {
    const selinux = { attach: false, read: true, capability, denyPtrace }
    const around = circumstances({ lsm: ['selinux'], selinux })
    const judged = judge(examination('attach-refused', { label }, { label }), around)
    t.match(judged, { cause: 'selinux', certainty: 'proved' })
    t.equal(/its boolean deny_ptrace is on/.test(judged.message), denyPtrace)
    const ids = remediesFor(judged, { ...host, denyPtrace }).map(({ id }) => id)
    t.strictSame(ids, ['selinux-rule', ...(denyPtrace ? ['selinux-deny-ptrace-off'] : [])])
  }
})

const effort = { nothing: 0, target: 1, root: 2, reboot: 3 } as const

t.test('for every cause, what is wider comes after what is narrower', async (t) => {
  const surroundings: Surroundings[] = [
    host,
    { ...host, container: 'docker', maySwitch: true, owner: { uid: 33, gid: 33 } },
    { ...host, childNamespace: true, targetOutside: true, group: 'staff' },
    { ...host, sealed: true, withheld: true, denyPtrace: true },
    { ...host, group: 'staff', inShell: true, namespaces: true, maySwitch: true },
  ]
  const seen = new Set<string>()
  const bare = judge(examination('attach-refused'), circumstances({ scope: 1 }))
  if (bare.verdict !== 'denied') throw new Error('It is refused')
  const [first] = bare.causes
  if (first === undefined) throw new Error('It has a cause')
  for (const id of causes) {
    const judged = { ...bare, cause: id, causes: [{ ...first, id }] as const }
    for (const each of surroundings) {
      const offered = remediesFor(judged, each)
      for (const [i, remedy] of offered.entries()) {
        seen.add(remedy.id)
        const wider = offered.slice(0, i).filter(({ needs, weakens }) => {
          const isWider = weakens === 'machine' && remedy.weakens !== 'machine'
          return isWider || (weakens === remedy.weakens && effort[needs] > effort[remedy.needs])
        })
        t.strictSame(
          wider.map((each) => each.id),
          [],
          `${id}: nothing wider comes before ${remedy.id}`,
        )
      }
    }
  }
  t.ok(seen.size > 25, `${seen.size} remedies were offered`)
})

t.test('what needs no privilege is offered before what does', async (t) => {
  const foreign = examination('refused', { uids: [33, 33, 33], gids: [33, 33, 33] })
  const owner = { uid: 33, gid: 33 }
  const [first] = remediesFor(judge(foreign, circumstances()), {
    ...host,
    ...{ container: 'docker', owner, maySwitch: true },
  })
  t.match(first, {
    id: 'become-owner',
    needs: 'nothing',
    command: 'setpriv --reuid=33 --regid=33 --clear-groups strace -p 1234',
  })
  const grouped = examination('refused', { gids: [50, 50, 50] })
  t.match(remediesFor(judge(grouped, circumstances()), { ...host, group: 'staff' })[0], {
    id: 'join-the-group',
    command: "sg staff -c 'strace -p 1234'",
  })
  const inNamespace = { ...host, childNamespace: true, targetOutside: true }
  const outside = examination('refused', {}, { uidMap: '0 1000 1\n', userNamespace: 4026532000 })
  t.strictSame(advice(outside, circumstances(), inNamespace), ['run-outside-the-namespace'])
  const restricted = examination('attach-refused')
  t.equal(
    advice(restricted, circumstances({ scope: 2 }), { ...host, namespaces: true })[0],
    'start-in-a-namespace',
  )
  t.strictSame(
    advice(restricted, circumstances({ scope: 1 }), { ...host, inShell: true }).slice(0, 2),
    ['start-under-debugger', 'exec-in-the-shell'],
  )
})

t.test('root is not offered where root is refused as well', async (t) => {
  const first = examination('refused', { uids: [0, 0, 0], gids: [0, 0, 0], capPermitted: netRaw })
  t.ok(advice(first, circumstances()).includes('run-as-root'))
  const refused = advice(first, circumstances(), { ...host, rootRefused: true })
  t.strictSame(refused, [])
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
