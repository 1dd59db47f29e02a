import t from 'tap'
import type { CrashHandling, Identity, Observation, Report } from '../../lib/model/index.js'
import { crashHandling } from '../../lib/probe/strategy.js'
import type { Machine } from '../helpers/model.js'
import { report } from '../helpers/report.js'

function adviceOf(seen: Report, identity: Identity): CrashHandling | undefined {
  return crashHandling(seen).find((each) => each.identity === identity)
}

function strategies(machine: Partial<Machine>, identity: Identity): string {
  const { sameUser, otherUser } = adviceOf(report(machine), identity) ?? {}
  return `${sameUser} ${otherUser}`
}

t.test('what the scope refuses decides how a crash handler gets at a program', async (t) => {
  t.equal(strategies({ yama: null }, 'unprivileged'), 'direct broker')
  t.equal(strategies({ yama: 0 }, 'unprivileged'), 'direct broker')
  t.equal(strategies({ yama: 1 }, 'unprivileged'), 'consent broker')
  t.equal(strategies({ yama: 2 }, 'unprivileged'), 'none none')
  t.equal(strategies({ yama: 3 }, 'unprivileged'), 'none none')
})

t.test('a handler with CAP_SYS_PTRACE attaches up to scope 2', async (t) => {
  for (const yama of [0, 1, 2] as const) {
    t.equal(strategies({ yama, capable: true }, 'caller'), 'direct null', `scope ${yama}`)
  }
  t.equal(strategies({ yama: 3, capable: true }, 'caller'), 'none null')
  t.equal(strategies({ yama: 1, users: ['root'] }, 'user:root').split(' ')[1], 'null')
})

t.test('a filter that refuses ptrace or PR_SET_PTRACER leaves no strategy', async (t) => {
  t.equal(strategies({ yama: 0, ptraceFilter: 'EPERM' }, 'caller'), 'none none')
  t.equal(strategies({ yama: 1, prctlFilter: 'EPERM' }, 'caller'), 'none none')
  t.equal(strategies({ yama: 0, prctlFilter: 'EPERM' }, 'caller'), 'direct broker')
})

t.test('attempts without a clear answer recommend nothing', async (t) => {
  t.equal(strategies({ yama: 0, traced: true }, 'caller'), 'undetermined undetermined')
})

t.test('a broker remains where only a child of the program may attach', async (t) => {
  const seen = report({ yama: 1 })
  const observations = seen.observations.map((each): Observation => {
    if (each.relation !== 'sibling' || each.consent !== 'tracer') return each
    return {
      ...each,
      status: 'denied',
      step: 'try',
      syscall: 'ptrace',
      errno: 'EPERM',
      signal: null,
    }
  })
  t.match(adviceOf({ ...seen, observations }, 'caller'), {
    sameUser: 'broker',
    otherUser: 'broker',
  })
})

t.test('every identity but the owner of a namespace gets advice, with its evidence', async (t) => {
  const seen = report({ yama: 1 })
  const all = crashHandling(seen)
  t.strictSame(
    all.map(({ identity }) => identity),
    ['caller', 'unprivileged'],
  )
  const ids = new Set(seen.observations.map(({ id }) => id))
  for (const { evidence } of all) {
    t.ok(evidence.length > 0 && evidence.every((id) => ids.has(id)))
  }
  t.strictSame(crashHandling({ ...seen, observations: [] }), [])
})
