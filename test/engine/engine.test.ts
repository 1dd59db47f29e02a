import t from 'tap'
import { loadEngine, lookUpUser, type Plan } from '../../lib/engine/index.js'

const plan: Plan = {
  families: [
    {
      tracerParent: 'supervisor',
      targetParent: 'tracer',
      middle: 'none',
      tracerAdopts: false,
      identity: 'unprivileged',
      user: 0,
      consent: 'none',
      methods: ['attach'],
    },
  ],
  users: [],
  deadlineMs: 5000,
  attemptMs: 1000,
}

t.test('a measurement ends with the same families, whether it blocks or not', async (t) => {
  const engine = loadEngine()
  const blocking = engine.measure(plan)
  const waited = await engine.measureAsync(plan)
  t.equal(JSON.stringify(Object.keys(waited)), JSON.stringify(Object.keys(blocking)))
})

t.test('a forked process examines as the calling one does', async (t) => {
  const engine = loadEngine()
  const request = {
    tracers: [{ tracer: 'child' as const }],
    clearsAmbient: false,
    oracles: 0,
    deadlineMs: 5000,
    pids: [1],
  }
  const [blocking] = engine.examineAs(request)
  const [waited] = await engine.examineAsAsync(request)
  t.equal(blocking?.results.length, 1)
  t.equal(waited?.results.length, 1)
  t.type(engine.examine(1, 0), 'object')
})

t.test('a user is looked up by name, and one that does not exist is an error', async (t) => {
  const engine = loadEngine()
  t.match(lookUpUser(engine, 'root'), { uid: 0, gid: 0 })
  t.throws(() => lookUpUser(engine, 'no-such-user'), {
    code: 'ERR_INVALID_ARG_VALUE',
    message: /'no-such-user'/,
  })
})
