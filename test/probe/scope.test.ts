import t from 'tap'
import { judge } from '../../lib/probe/scope.js'
import { type Machine, machine, measure } from '../helpers/model.js'

const source = '/proc/sys/kernel/yama/ptrace_scope'
const verdict = (world: Machine) => judge(measure(world), { value: world.yama, source })

const scopes = [0, 1, 2, 3] as const

/** Contexts in which every scope can be told from every other by behaviour. */
const telling: Readonly<Record<string, Partial<Machine>>> = {
  'a user who may create user namespaces': {},
  'a process with CAP_SYS_PTRACE': { capable: true },
  'a process with CAP_SYS_PTRACE and no user namespaces': { capable: true, userNamespaces: false },
  'a user whose ptrace is filtered with EPERM': { ptraceFilter: 'EPERM' },
  'a user whose ptrace is filtered with ENOSYS': { ptraceFilter: 'ENOSYS' },
  'a user whose ptrace is filtered with a kill': { ptraceFilter: 'KILL' },
  'a process with CAP_SYS_PTRACE whose ptrace is filtered': {
    capable: true,
    ptraceFilter: 'EPERM',
  },
  'a user whose calls are all filtered, /proc/PID/mem left': {
    ptraceFilter: 'EPERM',
    otherCallsFiltered: true,
  },
  'a traced process': { traced: true },
}

for (const [who, differences] of Object.entries(telling)) {
  for (const yama of scopes) {
    t.test(`scope ${yama} is recognised by ${who}`, async (t) => {
      const { enforced, agrees } = verdict(machine({ yama, ...differences }))
      t.match(enforced, { value: yama, candidates: [yama] })
      t.not(enforced.certainty, 'undetermined')
      t.equal(agrees, true)
    })
  }
  t.test(`a kernel without Yama is recognised by ${who}`, async (t) => {
    const { enforced, agrees } = verdict(machine({ yama: null, ...differences }))
    t.match(enforced, { value: null, name: 'no-yama', candidates: [], certainty: 'proved' })
    t.equal(agrees, null)
  })
}

for (const yama of [2, 3] as const) {
  t.test(`scope ${yama} stays 2 or 3 without CAP_SYS_PTRACE and user namespaces`, async (t) => {
    const { enforced, agrees } = verdict(machine({ yama, userNamespaces: false }))
    t.match(enforced, { value: null, name: 'undetermined', certainty: 'undetermined' })
    t.strictSame(enforced.candidates, [2, 3])
    t.equal(agrees, null)
  })
}

t.test(
  'scope 0 and a kernel without Yama look alike when PR_SET_PTRACER is filtered',
  async (t) => {
    for (const yama of [0, null] as const) {
      const { enforced } = verdict(machine({ yama, prctlFilter: 'EPERM' }))
      t.match(enforced, { value: null, name: 'undetermined', candidates: [0] })
    }
  },
)

t.test('a filter that answers as a kernel without Yama is not believed', async (t) => {
  const filtered = (yama: Machine['yama'], filesHidden = false) =>
    verdict(machine({ yama, filesHidden, prctlFilter: 'EINVAL' }))
  t.match(filtered(0), { yama: null, enforced: { name: 'undetermined', candidates: [0] } })
  t.match(filtered(1), { yama: null, enforced: { value: 1, certainty: 'inferred' } })
  t.match(filtered(2), { yama: null, enforced: { value: 2, certainty: 'inferred' } })
  t.match(filtered(3), { yama: null, enforced: { value: 3, certainty: 'inferred' } })
  t.match(filtered(0, true), { yama: null, enforced: { candidates: [0] } }, 'nor without files')
  t.match(filtered(null), { yama: false, enforced: { name: 'no-yama' } }, 'unless the files agree')
})

t.test('without a filter EINVAL is the answer of a kernel without Yama', async (t) => {
  const { yama, enforced } = verdict(machine({ yama: null, filesHidden: true }))
  t.equal(yama, false)
  t.match(enforced, { name: 'no-yama', certainty: 'proved' })
})

t.test('under an emulator nothing is proved', async (t) => {
  for (const emulated of ['ENOSYS', 'ESRCH'] as const) {
    for (const yama of [null, ...scopes]) {
      for (const capable of [false, true]) {
        const { enforced, effective } = verdict(machine({ yama, capable, emulated }))
        t.not(enforced.certainty, 'proved')
        t.ok(enforced.value === null || enforced.value === yama)
        t.match(effective, { value: null, name: /^(blocked|undetermined)$/ })
      }
    }
  }
})

t.test('a capability that a security module withholds proves nothing', async (t) => {
  const withholding = (yama: Machine['yama'], withheld: 'all' | 'own' | null) =>
    verdict(machine({ yama, capable: true, withheld })).enforced
  for (const yama of scopes.slice(2)) {
    t.match(withholding(yama, 'all'), { name: 'undetermined', candidates: [2, 3] })
    t.match(withholding(yama, 'own'), { value: yama, certainty: 'proved' }, 'the owner tells')
  }
  const { enforced, effective } = verdict(machine({ yama: 2, capable: true, withheld: 'all' }))
  t.strictSame([enforced.certainty, effective.name], ['undetermined', 'undetermined'])
})

t.test('scope 1 is inferred, not proved, when no target can give consent', async (t) => {
  const { enforced } = verdict(machine({ yama: 1, prctlFilter: 'EPERM' }))
  t.match(enforced, { value: 1, certainty: 'inferred' })
})

t.test('a refusal by a mandatory access control module is not taken for one by Yama', async (t) => {
  for (const mac of ['selinux', 'apparmor'] as const) {
    for (const yama of scopes) {
      for (const ptraceFilter of [null, 'EPERM'] as const) {
        for (const capable of [false, true]) {
          for (const traced of [false, true]) {
            const world = machine({ yama, mac, ptraceFilter, capable, traced })
            const { enforced } = verdict(world)
            // Yama comes first: what it refuses to everybody, no other module is asked about.
            t.ok(enforced.value === null || enforced.value === yama, JSON.stringify(world))
            if (enforced.candidates.length > 0)
              t.ok(enforced.candidates.some((scope) => scope === yama))
          }
        }
      }
    }
  }
})

t.test('the verdict does not depend on what is declared', async (t) => {
  const measurement = measure(machine({ yama: 1 }))
  for (const value of [null, ...scopes]) {
    const { enforced, agrees } = judge(measurement, { value, source })
    t.equal(enforced.value, 1)
    t.equal(agrees, value === null ? null : value === 1)
  }
})

t.test('evidence names observations and controls of the measurement', async (t) => {
  for (const yama of [null, ...scopes]) {
    const measurement = measure(machine({ yama }))
    const known = new Set(
      [...measurement.observations, ...measurement.controls].map(({ id }) => id),
    )
    const { enforced, effective } = judge(measurement, { value: yama, source })
    t.ok(enforced.evidence.length > 0)
    t.strictSame(
      [...enforced.evidence, ...effective.evidence].filter((id) => !known.has(id)),
      [],
    )
  }
})

t.test(
  'a process with CAP_SYS_PTRACE experiences scope 0 wherever the scope is below 3',
  async (t) => {
    for (const yama of [0, 1, 2] as const) {
      t.match(verdict(machine({ yama, capable: true })).effective, { value: 0, name: 'classic' })
    }
    t.match(verdict(machine({ yama: 3, capable: true })).effective, { value: 3, name: 'no-attach' })
  },
)

t.test('an ordinary user experiences the scope that is enforced', async (t) => {
  for (const yama of scopes) t.equal(verdict(machine({ yama })).effective.value, yama)
})

t.test('a process whose ptrace is filtered experiences that it is blocked', async (t) => {
  for (const ptraceFilter of ['EPERM', 'ENOSYS', 'KILL'] as const) {
    const { effective } = verdict(machine({ yama: 0, capable: true, ptraceFilter }))
    t.match(effective, {
      value: null,
      name: 'blocked',
      evidence: ['control/attach', 'control/seize'],
    })
  }
})

t.test('nothing is concluded from attempts that were inconclusive', async (t) => {
  const { observations, ...rest } = measure(machine({ yama: 1 }))
  const late = observations.map((cell) => ({
    ...cell,
    status: 'inconclusive' as const,
    step: 'deadline' as const,
    errno: null,
  }))
  const { enforced, effective } = judge({ ...rest, observations: late }, { value: 1, source })
  t.match(enforced, { value: null, name: 'undetermined', candidates: [0, 1, 2, 3] })
  t.match(effective, { value: null, name: 'undetermined' })
})
