import t from 'tap'
import type { CallerFacts, HostFacts } from '../../lib/model/index.js'
import type { Known } from '../../lib/probe/findings/rule.js'
import { explain } from '../../lib/probe/findings.js'
import { judge } from '../../lib/probe/scope.js'
import { isFiltered, type Machine, machine, measure } from '../helpers/model.js'

interface Circumstances {
  readonly host?: Partial<HostFacts>
  readonly caller?: Partial<CallerFacts>
  readonly declared?: 0 | 1 | 2 | 3 | null
  readonly quiet?: boolean
}

function known(
  world: Machine,
  { host, caller, declared, quiet = false }: Circumstances = {},
): Known {
  const measurement = measure(world)
  const value = declared === undefined ? world.yama : declared
  return {
    host: {
      kernel: '6.1.0',
      arch: 'x64',
      os: { id: 'debian', version: '12' },
      lsm: null,
      container: null,
      emulator: world.emulated ? 'qemu-aarch64' : null,
      denyPtrace: null,
      namespaceLimits: [],
      ...host,
    },
    caller: {
      pid: 7,
      uid: 1000,
      gid: 1000,
      capSysPtrace: {
        granted: world.capable && !world.withheld,
        effective: world.capable,
        permitted: world.capable,
        bounding: true,
      },
      userNamespace: 'initial',
      seccomp: isFiltered(world) ? 'filter' : 'disabled',
      noNewPrivs: false,
      dumpable: true,
      label: null,
      tracerPid: world.traced ? 42 : 0,
      ...caller,
    },
    scope: judge(measurement, { value, source: '/proc/sys/kernel/yama/ptrace_scope' }),
    kernelLog: { refusals: 0, quiet },
    observations: measurement.observations,
    controls: measurement.controls,
  }
}

const ids = (world: Machine, circumstances?: Circumstances) =>
  explain(known(world, circumstances)).map(({ id }) => id)

t.test('an ordinary user of a machine with scope 1 gets no finding', async (t) => {
  t.strictSame(ids(machine({ yama: 1 })), [])
})

for (const [id, world, circumstances] of [
  ['declared-differs', machine({ yama: 0 }), { declared: 1 }],
  ['declared-differs', machine({ yama: null }), { declared: 1 }],
  ['declared-differs', machine({ yama: 3, userNamespaces: false }), { declared: 1 }],
  ['no-yama', machine({ yama: null }), {}],
  ['unrestricted', machine({ yama: 0 }), {}],
  ['caller-capable', machine({ capable: true }), {}],
  ['ptrace-filtered', machine({ ptraceFilter: 'KILL' }), {}],
  ['consent-filtered', machine({ yama: 0, prctlFilter: 'EINVAL' }), {}],
  ['deny-ptrace', machine({ mac: 'selinux' }), { host: { denyPtrace: true } }],
  ['emulated', machine({ emulated: 'ENOSYS' }), {}],
  ['capability-withheld', machine({ yama: 2, capable: true, withheld: 'all' }), {}],
  ['caller-not-dumpable', machine(), { caller: { dumpable: false } }],
  ['caller-traced', machine({ traced: true }), {}],
  ['no-attach-latched', machine({ yama: 3 }), {}],
  ['host-value', machine(), { host: { container: 'docker' } }],
  ['scope-undecided', machine({ yama: 2, userNamespaces: false }), {}],
  ['child-user-namespace', machine(), { caller: { userNamespace: 'child' } }],
  ['mandatory-access-control', machine({ mac: 'selinux' }), {}],
  ['kernel-log-quiet', machine(), { quiet: true }],
] as const) {
  t.test(
    `${id} is found where it is true: ${JSON.stringify({ ...world, ...circumstances })}`,
    async (t) => {
      t.ok(ids(world, circumstances).includes(id))
      t.notOk(ids(machine()).includes(id), 'and not where it is not')
    },
  )
}

t.test('a capability that is withheld is not said to be had', async (t) => {
  const found = ids(machine({ yama: 2, capable: true, withheld: 'all' }))
  t.notOk(found.includes('caller-capable'))
  t.ok(found.includes('scope-undecided'))
})

t.test('what keeps a user from making a user namespace is named', async (t) => {
  const world = machine({ yama: 3, userNamespaces: false })
  const said = (namespaceLimits: string[]) =>
    explain(known(world, { host: { namespaceLimits } })).find(({ id }) => id === 'scope-undecided')
  const limit = 'kernel.unprivileged_userns_clone = 0'
  t.match(said([limit])?.message, `(unshare: EPERM), because of ${limit}.`)
  t.match(said([])?.message, 'which no sysctl that can be read forbids')
  t.match(said([])?.remedies, [{ id: 'measure-as-root' }])
})

t.test('a declared value that agrees, or may agree, is no contradiction', async (t) => {
  for (const yama of [0, 1, 2, 3, null] as const) {
    t.notOk(ids(machine({ yama })).includes('declared-differs'))
    t.notOk(ids(machine({ yama, userNamespaces: false })).includes('declared-differs'))
  }
})

t.test('a refusal before any target is not blamed on seccomp without a filter', async (t) => {
  for (const emulated of ['ENOSYS', 'ESRCH'] as const) {
    for (const emulator of ['qemu-aarch64', null]) {
      const found = explain(known(machine({ emulated }), { host: { emulator } }))
      const [finding] = found.filter(({ id }) => id === 'emulated')
      t.match(finding?.message, new RegExp(`${emulated}.*${emulator ?? 'an emulator'} answers`))
      t.notOk(found.some(({ id }) => id === 'ptrace-filtered'))
    }
  }
})

t.test('what could not be tried is not blamed on another rule', async (t) => {
  const measurement = measure(machine({ yama: null }))
  const untried: Known['observations'] = measurement.observations.map((cell) =>
    ['sibling', 'parent', 'orphan'].includes(cell.relation)
      ? {
          ...cell,
          status: 'inconclusive',
          step: 'deadline',
          syscall: null,
          errno: null,
          signal: null,
        }
      : cell,
  )
  const facts = known(machine({ yama: null }))
  const scope = judge(
    { ...measurement, observations: untried },
    { value: null, source: '/proc/sys/kernel/yama/ptrace_scope' },
  )
  t.equal(scope.enforced.name, 'undetermined')
  const found = explain({ ...facts, scope, observations: untried }).map(({ id }) => id)
  t.ok(found.includes('measurement-incomplete'))
  t.notOk(found.includes('another-rule'))
})

t.test('EACCES from a filter is not blamed on a mandatory access control module', async (t) => {
  const facts = known(machine())
  const filtered: Known = {
    ...facts,
    observations: facts.observations.map((cell) =>
      cell.method === 'attach' || cell.method === 'seize'
        ? { ...cell, status: 'denied', step: 'try', syscall: 'ptrace', errno: 'EACCES' }
        : cell,
    ),
    controls: facts.controls.map((control) =>
      control.syscall === 'ptrace' ? { ...control, passes: false, errno: 'EACCES' } : control,
    ),
  }
  t.notOk(explain(filtered).some(({ id }) => id === 'mandatory-access-control'))
})

t.test('scope 3 is never answered with a sysctl, and a container with none at all', async (t) => {
  const commands = (world: Machine, circumstances?: Circumstances) =>
    explain(known(world, circumstances)).flatMap(({ remedies }) =>
      remedies.flatMap((remedy) => ('command' in remedy ? [remedy.command] : [])),
    )
  t.notOk(commands(machine({ yama: 3 })).some((command) => /sysctl/.test(command ?? '')))
  t.notOk(
    commands(machine({ yama: 0 }), { host: { container: 'docker' } }).some((command) =>
      /sysctl/.test(command ?? ''),
    ),
  )
})

t.test(
  'the gravest finding comes first, and every finding names its evidence and source',
  async (t) => {
    const findings = explain(
      known(machine({ yama: 0, capable: true }), { declared: 2, host: { container: 'docker' } }),
    )
    t.equal(findings[0]?.level, 'error')
    for (const { evidence, source, message } of findings) {
      t.ok(evidence.length > 0)
      t.match(source, /^https:\/\//)
      t.match(message, /^[A-Z/][^\n]*\.$/, 'one sentence')
    }
  },
)
