import t from 'tap'
import type { Scopes, UndecidedScope } from '../../lib/model/index.js'
import { yamaRefusals } from '../../lib/probe/kernel-log.js'
import { scenariosFor, silentOnes } from '../../lib/probe/scenarios.js'
import { type Machine, machine } from '../helpers/model.js'
import { report, unknownScope } from '../helpers/report.js'

const refusals = (differences: Partial<Machine>) => yamaRefusals(report(machine(differences)))
const denied = (differences: Partial<Machine>) =>
  report(machine(differences)).observations.filter(({ status }) => status === 'denied').length

t.test('Yama is asked to log each attempt that it refuses', async (t) => {
  for (const yama of [1, 2, 3] as const) {
    const expected = denied({ yama })
    t.ok(expected > 0)
    t.equal(refusals({ yama }), expected, `scope ${yama}`)
  }
})

t.test('a machine where Yama refuses nothing has no line in its log', async (t) => {
  t.equal(refusals({ yama: 0 }), 0)
  t.equal(refusals({ yama: null }), 0)
  t.equal(refusals({ yama: null, mac: 'selinux' }), 0, 'nor where another rule refuses')
})

t.test('what a filter refuses is not logged by Yama', async (t) => {
  const world = { yama: 1, ptraceFilter: 'EPERM' } as const
  const byFilter = report(machine(world)).observations.filter(
    ({ syscall, status }) => status === 'denied' && syscall === 'ptrace',
  ).length
  t.equal(refusals(world), denied(world) - byFilter)
})

t.test('whether scope 2 or 3, both refuse a tracer without privileges', async (t) => {
  const world = { yama: 2, userNamespaces: false } as const
  t.equal(refusals(world), denied(world))
})

t.test('where another rule refuses, too, the number is not known', async (t) => {
  const { scope, ...rest } = report(machine({ yama: 1 }))
  const known: readonly Scopes[] = [[], [0, 1]]
  for (const candidates of known) {
    const enforced: UndecidedScope = { ...unknownScope, candidates }
    t.equal(yamaRefusals({ ...rest, scope: { ...scope, enforced } }), null)
  }
})

t.test('silence leaves the controls and READ access', async (t) => {
  const silent = silentOnes(scenariosFor(['caller', 'unprivileged', 'owner']))
  t.strictSame(
    silent.filter(({ relation }) => relation !== null).flatMap(({ attempts }) => attempts),
    ['read', 'read-protected', 'read', 'read'],
  )
  t.ok(silent[0]?.attempts.includes('control-yama'))
})
