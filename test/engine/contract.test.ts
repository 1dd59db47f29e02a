import { constants } from 'node:os'
import t from 'tap'
import { loadEngine, requireContract } from '../../lib/engine/engine.js'
import type { ExamineRequest } from '../../lib/engine/examination.js'
import type { FamilyPlan, Plan } from '../../lib/engine/measurement.js'
import { abi, enums, oracles, words } from '../../lib/engine/words.js'
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
  clearsAmbient: false,
  deadlineMs: 1000,
  pids: [process.pid],
}
const user = { uid: 1, gid: 1, groups: [1] }

const pids = (lines: readonly ProcessLine[]) => lines.map(({ pid }) => pid)

/** Taken before anything else: what runs the tests may have children of its own. */
const before = childrenOf(process.pid)

/** A mistake of lib/, which the types would not let pass. */
const mistaken = <T>(value: unknown): T => value as T

/** Values that are no number of the kind that is wanted: from 1 on, and of 32 bits. */
const noNumbers: Readonly<Record<string, unknown>> = {
  'that is undefined': undefined,
  'that is null': null,
  'that is a text': '1',
  'that is a symbol': Symbol('number'),
  'that is a bigint': 1n,
  'that is true': true,
  'that is an object with a value': { valueOf: () => 1 },
  'that is not a number': Number.NaN,
  'that is infinite': Number.POSITIVE_INFINITY,
  'that is a fraction': 1.5,
  'that is zero': 0,
  'that is negative': -1,
  'that has more than 32 bits': 2 ** 32 + 1,
}

/** What looks like an object or a list, and is none that can be read. */
const getterError = new RangeError('thrown by a getter')
const throwing = (name: string, value: object): object =>
  Object.defineProperty({ ...value }, name, {
    get: () => {
      throw getterError
    },
  })
const throwingList = Object.defineProperty([1], 0, {
  get: () => {
    throw getterError
  },
})

const each = (what: string, change: (value: unknown) => object): Record<string, object> =>
  Object.fromEntries(
    Object.entries(noNumbers).map(([kind, value]) => [`with ${what} ${kind}`, change(value)]),
  )

const changed = (changes: object): object => ({ families: [{ ...family, ...changes }] })
const asUser = (changes: object): object => ({ users: [{ ...user, ...changes }] })

const wrongPlans: Readonly<Record<string, object>> = {
  'without families': { families: undefined },
  'with users that are no list': { users: 'root' },
  'with a list that only looks like one': { users: { length: 0 } },
  'with a Proxy for a list': { families: new Proxy([family], {}) },
  'with a family that is null': { families: [null] },
  'with a family that is missing': { families: new Array(1) },
  'with a family that is a text': { families: ['child'] },
  'without a method': changed({ methods: [] }),
  'with more methods than there is room for': changed({
    methods: Array(enums.Method.length + 1).fill('attach'),
  }),
  'with an unknown method': changed({ methods: ['detach'] }),
  'with a word that only begins like one': changed({
    methods: [`control-pidfd-getfd${'é'.repeat(20)}`],
  }),
  'with two words for one': changed({ methods: ['attach seize'] }),
  'with a word of another list': changed({ consent: 'child' }),
  'with an empty word': changed({ consent: '' }),
  'with a word that ends with a NUL': changed({ consent: 'none\0' }),
  'with a word of a million letters': changed({ consent: 'n'.repeat(1e6) }),
  'with a number for a word': changed({ consent: 0 }),
  'with an object for a word': changed({ consent: { toString: () => 'none' } }),
  'with a number for a truth': changed({ tracerAdopts: 0 }),
  'with more families than there is room for': { families: Array(257).fill(family) },
  'with as many families as a list can have': { families: new Array(2 ** 32 - 1) },
  'with more users than there is room for': { users: Array(9).fill(user) },
  'with more groups than there is room for': asUser({ groups: Array(65_537).fill(1) }),
  'with a group that is negative': asUser({ groups: [-1] }),
  'with a uid that is negative': asUser({ uid: -1 }),
  'with a gid that is a fraction': asUser({ gid: 0.5 }),
  'with the uid that leaves a process as it is': asUser({ uid: 2 ** 32 - 1 }),
  'for a user who is not among its users': {
    ...changed({ identity: 'user', user: 1 }),
    users: [user],
  },
  'for a user whose number would be cut': {
    ...changed({ identity: 'user', user: 256 }),
    users: [user],
  },
  ...each('a deadline', (deadlineMs) => ({ deadlineMs })),
  ...each('a limit', (attemptMs) => ({ attemptMs })),
}

for (const [mistake, changes] of Object.entries(wrongPlans)) {
  t.test(`a plan ${mistake} is refused before anything is started`, async (t) => {
    const wrong = mistaken<Plan>({ ...plan, ...changes })
    t.throws(() => loadEngine().measure(wrong), TypeError)
    await t.rejects(loadEngine().measureAsync(wrong), TypeError)
    t.same(pids(childrenOf(process.pid)), pids(before))
  })
}

const wrongRequests: Readonly<Record<string, object>> = {
  'without tracers': { tracers: [] },
  'with too many tracers': { tracers: Array(3).fill({ tracer: 'stranger' }) },
  'with a child after a stranger': { tracers: [{ tracer: 'stranger' }, { tracer: 'child' }] },
  'with an unknown tracer': { tracers: [{ tracer: 'self' }] },
  'for a user who is not told': { tracers: [{ tracer: 'user' }] },
  'for a user without groups': { tracers: [{ tracer: 'user', user: { uid: 1, gid: 1 } }] },
  'without PIDs': { pids: undefined },
  'with PIDs that are no list': { pids: new Uint32Array([1]) },
  'with more PIDs than there is room for': { pids: Array(4097).fill(1) },
  'with as many PIDs as a list can have': { pids: new Array(2 ** 32 - 1) },
  'with an ambient set that may be either': { clearsAmbient: undefined },
  'with an oracle that is unknown': { oracles: 1 << oracles.length },
  'with oracles that are a fraction': { oracles: 0.5 },
  'with oracles that are negative': { oracles: -1 },
  'with oracles that are a text': { oracles: '1' },
  ...each('a PID', (pid) => ({ pids: [pid] })),
  ...each('a deadline', (deadlineMs) => ({ deadlineMs })),
}

for (const [mistake, changes] of Object.entries(wrongRequests)) {
  t.test(`a request ${mistake} is refused before anything is started`, async (t) => {
    const wrong = mistaken<ExamineRequest>({ ...request, ...changes })
    t.throws(() => loadEngine().examineAs(wrong), TypeError)
    await t.rejects(loadEngine().examineAsAsync(wrong), TypeError)
    t.same(pids(childrenOf(process.pid)), pids(before))
  })
}

for (const [kind, value] of Object.entries(noNumbers)) {
  t.test(`a question about a PID ${kind} is refused`, async (t) => {
    t.throws(() => loadEngine().examine(mistaken(value), 0), TypeError)
  })
  if (value === 0 || value === 1) continue
  t.test(`a question by an oracle ${kind} is refused`, async (t) => {
    t.throws(() => loadEngine().examine(process.pid, mistaken(value)), TypeError)
  })
}

for (const value of [undefined, null, 1, {}, Symbol('text'), 'a\0b', ['root']]) {
  const shown = typeof value === 'symbol' ? 'a symbol' : JSON.stringify(value)
  t.test(`${shown} is neither the name of a user nor that of a file`, async (t) => {
    t.throws(() => loadEngine().lookUpUser(mistaken(value)), TypeError)
    t.throws(() => loadEngine().filePrivileges(mistaken(value)), TypeError)
  })
}

t.test('a name that is too long is of no user, and of no file', async (t) => {
  const { ENAMETOOLONG } = constants.errno
  t.equal(loadEngine().lookUpUser('é'.repeat(1e6)), null)
  t.equal(loadEngine().filePrivileges(`/${'é'.repeat(1e6)}`).errno, ENAMETOOLONG)
})

t.test('what a getter or a Proxy throws goes through as it is', async (t) => {
  const engine = loadEngine()
  const trap = new Proxy(plan, {
    get: () => {
      throw getterError
    },
  })
  for (const wrong of [
    trap,
    throwing('families', plan),
    throwing('attemptMs', plan),
    { ...plan, families: [throwing('consent', family)] },
    { ...plan, families: throwingList },
    { ...plan, users: [{ ...user, groups: throwingList }] },
  ]) {
    t.throws(() => engine.measure(mistaken(wrong)), getterError)
  }
  for (const wrong of [
    throwing('tracers', request),
    throwing('oracles', request),
    { ...request, tracers: [throwing('tracer', {})] },
    { ...request, pids: throwingList },
  ]) {
    t.throws(() => engine.examineAs(mistaken(wrong)), getterError)
  }
  for (const thrown of [undefined, null, 'text', Symbol('thrown'), 7]) {
    const wrong = Object.defineProperty({ ...plan }, 'users', {
      get: () => {
        throw thrown
      },
    })
    try {
      engine.measure(wrong)
      t.fail('nothing was thrown')
    } catch (error) {
      t.equal(error, thrown)
    }
  }
  t.same(pids(childrenOf(process.pid)), pids(before))
})

t.test('what is no object at all is refused, too', async (t) => {
  const engine = loadEngine()
  for (const wrong of [undefined, null, 1, 'plan', Symbol('plan'), () => {}, []]) {
    t.throws(() => engine.measure(mistaken(wrong)), TypeError)
    t.throws(() => engine.examineAs(mistaken(wrong)), TypeError)
  }
})

t.test('a list that shrinks while it is read is refused', async (t) => {
  const families: unknown[] = [
    Object.defineProperty({ ...family }, 'methods', {
      get: () => {
        families.length = 1
        return family.methods
      },
    }),
    family,
  ]
  t.throws(() => loadEngine().measure(mistaken({ ...plan, families })), TypeError)
})

t.test('an addon of another version is not asked', async (t) => {
  t.doesNotThrow(() => requireContract({ abi, words }))
  t.throws(() => requireContract({}), /an unknown version of the interface/)
  t.throws(
    () => requireContract({ abi: abi + 1, words }),
    new Error(
      `the addon found has version ${abi + 1} of the interface, and version ${abi} is needed`,
    ),
  )
})

t.test('an addon that knows other words is not asked', async (t) => {
  for (const others of [undefined, '', words.replace('seize', 'sieze'), `${words} later`]) {
    t.throws(
      () => requireContract({ abi, ...(others === undefined ? {} : { words: others }) }),
      new Error('the addon found knows other words than this library'),
    )
  }
})
