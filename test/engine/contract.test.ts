import t from 'tap'
import {
  abi,
  type ExamineRequest,
  type FamilyPlan,
  loadEngine,
  type Plan,
  requireAbi,
} from '../../lib/engine/engine.js'
import { childrenOf, type ProcessLine } from '../helpers/processes.js'

const family: FamilyPlan = {
  tracerParent: 'supervisor',
  targetParent: 'tracer',
  middle: 'none',
  tracerAdopts: false,
  identity: 'unprivileged',
  user: 0,
  consent: 'none',
  methods: ['attach'],
}
const plan: Plan = { families: [family], users: [], deadlineMs: 5000, attemptMs: 1000 }
const request: ExamineRequest = {
  tracers: [{ tracer: 'child' }],
  oracles: 0,
  deadlineMs: 1000,
  pids: [process.pid],
}
const user = { uid: 1, gid: 1, groups: [1] }

const pids = (lines: readonly ProcessLine[]) => lines.map(({ pid }) => pid)

/** Taken before anything else: what runs the tests may have children of its own. */
const before = childrenOf(process.pid)

/** A mistake of lib/, which the types would not let pass. */
const mistaken = <T>(value: unknown): T => value as T

for (const [mistake, changes] of Object.entries({
  'without families': { families: undefined },
  'with users that are no list': { users: 'root' },
  'with a family that is null': { families: [null] },
  'without a method': { families: [{ ...family, methods: [] }] },
  'with an unknown method': { families: [{ ...family, methods: ['detach'] }] },
  'with a word that only begins like one': {
    families: [{ ...family, methods: [`control-pidfd-getfd${'é'.repeat(20)}`] }],
  },
  'with a number for a word': { families: [{ ...family, consent: 0 }] },
  'with more families than there is room for': { families: Array(257).fill(family) },
  'with more users than there is room for': { users: Array(9).fill(user) },
  'with more groups than there is room for': { users: [{ ...user, groups: Array(1025).fill(1) }] },
  'for a user who is not among its users': {
    families: [{ ...family, identity: 'user', user: 1 }],
    users: [user],
  },
  'for a user whose number is cut': {
    families: [{ ...family, identity: 'user', user: 256 }],
    users: [user],
  },
  'with a limit that is no number': { attemptMs: Symbol('limit') },
})) {
  t.test(`a plan ${mistake} is refused before anything is started`, async (t) => {
    const wrong = mistaken<Plan>({ ...plan, ...changes })
    t.throws(() => loadEngine().measure(wrong), TypeError)
    await t.rejects(loadEngine().measureAsync(wrong), TypeError)
    t.same(pids(childrenOf(process.pid)), pids(before))
  })
}

for (const [mistake, changes] of Object.entries({
  'without tracers': { tracers: [] },
  'with too many tracers': { tracers: Array(3).fill({ tracer: 'stranger' }) },
  'with a child after a stranger': { tracers: [{ tracer: 'stranger' }, { tracer: 'child' }] },
  'with an unknown tracer': { tracers: [{ tracer: 'self' }] },
  'for a user who is not told': { tracers: [{ tracer: 'user' }] },
  'without PIDs': { pids: undefined },
  'with a PID that is no number': { pids: [Symbol('pid')] },
})) {
  t.test(`a request ${mistake} is refused before anything is started`, async (t) => {
    const wrong = mistaken<ExamineRequest>({ ...request, ...changes })
    t.throws(() => loadEngine().examineAs(wrong), TypeError)
    await t.rejects(loadEngine().examineAsAsync(wrong), TypeError)
    t.same(pids(childrenOf(process.pid)), pids(before))
  })
}

t.test('an addon of another version is not asked', async (t) => {
  t.doesNotThrow(() => requireAbi({ abi }))
  t.throws(() => requireAbi({}), /an unknown version of the interface/)
  t.throws(
    () => requireAbi({ abi: abi + 1 }),
    /version 2 of the interface, and version 1 is needed/,
  )
})
