import { getEventListeners } from 'node:events'
import t from 'tap'
import { canAttach, canAttachSync, survey } from '../../lib/attach/index.js'
import { probe, probeSync } from '../../lib/probe/index.js'
import { settings } from '../../lib/settings/index.js'
import { tools } from '../../lib/tools/index.js'
import { built, ended, start } from '../helpers/node.js'
import { sessionOf } from '../helpers/processes.js'
import { overridden, system } from '../helpers/systems.js'

type Options = { readonly signal: AbortSignal }

const questions: Readonly<Record<string, (options: Options) => PromiseLike<unknown>>> = {
  probe,
  tools,
  survey,
  'canAttach, as a stranger': (options) => canAttach(1, { ...options, tracer: 'stranger' }),
}
const reason = new Error('The user has closed the window')

for (const [name, ask] of Object.entries(questions)) {
  t.test(`${name} rejects with the reason of its signal`, async (t) => {
    const before = new AbortController()
    before.abort(reason)
    await t.rejects(async () => ask({ signal: before.signal }), reason, 'that was aborted before')

    const during = new AbortController()
    const answer = Promise.resolve(ask({ signal: during.signal }))
    during.abort(reason)
    await t.rejects(answer, reason, 'that is aborted while it asks')
    t.strictSame(getEventListeners(during.signal, 'abort'), [], 'and listens no longer')
  })

  t.test(`${name} is not disturbed by a signal that is never aborted`, async (t) => {
    const { signal } = new AbortController()
    await t.resolves(async () => ask({ signal }))
    t.strictSame(getEventListeners(signal, 'abort'), [])
  })
}

t.test(
  'what needs no process of its own rejects where the signal was aborted before',
  async (t) => {
    const signal = AbortSignal.abort(reason)
    await t.rejects(settings({ signal }), reason)
    await t.rejects(canAttach(1, { signal }), reason)
  },
)

t.test('an image is not looked at any further when the signal is aborted', async (t) => {
  const root = system(t, overridden)
  const controller = new AbortController()
  const answer = settings({ root, signal: controller.signal })
  controller.abort(reason)
  await t.rejects(answer, reason)
})

t.test('the functions that block look at their signal before they begin', async (t) => {
  const signal = AbortSignal.abort(reason)
  t.throws(() => probeSync({ signal }), reason)
  t.throws(() => canAttachSync(1, { signal }), reason)
})

t.test('a survey can be aborted between two verdicts', async (t) => {
  const controller = new AbortController()
  let seen = 0
  const read = async () => {
    for await (const { pid } of survey({ signal: controller.signal })) {
      seen += pid > 0 ? 1 : 0
      controller.abort(reason)
    }
  }
  await t.rejects(read(), reason)
  t.equal(seen, 1)
})

t.test('what is no signal is an argument mistake', async (t) => {
  for (const signal of [null, 7, {}, 'abort']) {
    const options = { signal } as unknown as Options
    await t.rejects(async () => probe(options), { code: 'ERR_INVALID_ARG_TYPE' })
    await t.rejects(async () => canAttach(1, options), { code: 'ERR_INVALID_ARG_TYPE' })
    await t.rejects(async () => settings(options), { code: 'ERR_INVALID_ARG_TYPE' })
  }
})

t.test('of a measurement that is aborted nothing is left when it rejects', async (t) => {
  const child = start(
    `import { probe } from ${JSON.stringify(built)}
     import { writeSync } from 'node:fs'
     for (let turns = 0; turns < 30; turns++) {
       const controller = new AbortController()
       const [aborted, other] = [probe({ signal: controller.signal }), probe()]
       for (let i = 0; i < turns; i++) await new Promise(setImmediate)
       controller.abort()
       await Promise.allSettled([aborted])
       if ((await other).observations.some(({ status }) => status === 'inconclusive')) {
         throw new Error('another measurement was disturbed')
       }
     }
     writeSync(1, '.')
     await new Promise((resolve) => process.stdin.once('data', resolve))
     process.exit(7)`,
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  await new Promise((resolve) => child.stdout?.once('data', resolve))
  const left = sessionOf(child.pid ?? 0).filter(({ pid }) => pid !== child.pid)
  child.stdin?.write('.')
  t.match(await ended(child), { code: 7 })
  t.strictSame(left, [])
})
