import t from 'tap'
import type { Consent, Observation } from '../../lib/model/index.js'
import {
  access,
  capabilityGranted,
  capableAccess,
  decidingConsent,
  evidenceOf,
  isContradictory,
} from '../../lib/probe/evidence.js'
import { report } from '../helpers/report.js'

t.test('without Yama the attempt on a target that named no process decides', async (t) => {
  const consents: readonly Consent[] = ['none', 'tracer', 'any']
  for (const consent of consents) {
    t.equal(decidingConsent({ yama: false }, consent), 'none')
    t.equal(decidingConsent({ yama: true }, consent), consent)
    t.equal(decidingConsent({ yama: null }, consent), consent)
  }
})

t.test('a capability counts where it was tried and granted', async (t) => {
  const seen = (differences: Parameters<typeof report>[0]) =>
    capabilityGranted(evidenceOf(report(differences)), 'caller')
  t.equal(seen({ capable: true }), true)
  t.equal(seen({ capable: false }), false)
  t.equal(seen({ capable: true, withheld: 'own' }), false)
})

t.test('a tracer with CAP_SYS_PTRACE reaches any process below scope 3', async (t) => {
  for (const [yama, allowed] of [
    [1, true],
    [2, true],
    [3, false],
  ] as const) {
    const found = capableAccess(evidenceOf(report({ yama, capable: true })), 'sibling')
    t.equal(found.allowed, allowed, `scope ${yama}`)
    t.equal(found.identity, 'caller')
  }
})

t.test('the owner of a user namespace shows what a capable tracer may', async (t) => {
  const found = capableAccess(evidenceOf(report({ yama: 2, capable: false })), 'child')
  t.match(found, { allowed: true, identity: 'owner' })
})

t.test('where no tracer has the capability, its access is not known', async (t) => {
  const found = capableAccess(
    evidenceOf(report({ yama: 2, capable: false, userNamespaces: false })),
    'child',
  )
  t.match(found, { allowed: null, identity: null })
})

t.test('an answer that no rule about a target gives is no refusal', async (t) => {
  const seen = report({ yama: 1 })
  const unknown = access(
    evidenceOf({
      ...seen,
      observations: seen.observations.map(
        (each): Observation =>
          each.status === 'denied' && each.relation === 'sibling'
            ? { ...each, errno: 'ENOSYS' }
            : each,
      ),
    }),
    'unprivileged',
    'sibling',
  )
  t.strictSame(unknown, { allowed: null, ids: [] })
})

t.test('a grant beside a refusal is a contradiction, unless a file alone is refused', async (t) => {
  const seen = report({ yama: 0 })
  const changed = (id: string) =>
    access(
      evidenceOf({
        ...seen,
        observations: seen.observations.map(
          (each): Observation =>
            each.id === id
              ? {
                  ...each,
                  status: 'denied',
                  step: 'try',
                  syscall: 'ptrace',
                  errno: 'EPERM',
                  signal: null,
                }
              : each,
        ),
      }),
      'unprivileged',
      'sibling',
    )
  const ptrace = changed('unprivileged/sibling/seize')
  t.equal(ptrace.allowed, null)
  t.ok(isContradictory(ptrace))
  const file = changed('unprivileged/sibling/proc-mem')
  t.equal(file.allowed, true)
  t.notOk(isContradictory(file))
})
