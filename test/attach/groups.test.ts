import { once } from 'node:events'
import type { Readable } from 'node:stream'
import t from 'tap'
import { canAttachSync } from '../../lib/index.js'
import { needs } from '../helpers/needs.js'
import { built, run, start } from '../helpers/node.js'

/** All that one process can have (NGROUPS_MAX, limits.h), as long as they get. */
const join = `process.setgroups(Array.from({ length: 65536 }, (_, i) => 4294967294 - i))`

t.test('a target in 65,536 groups is read as every other', needs.root(), async (t) => {
  const target = start(`${join}; console.log("ready"); setInterval(() => {}, 1e6)`, {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(() => target.kill('SIGKILL'))
  await once(target.stdout as Readable, 'data')
  t.match(canAttachSync(target.pid ?? 0, { tracer: { user: 'nobody' } }), {
    verdict: 'denied',
    cause: 'owner',
    certainty: 'proved',
    target: { name: /^node/, uid: 0 },
  })
})

t.test('so is a tracer in 65,536 groups', needs.root(), async (t) => {
  const { stdout } = await run(
    `import { canAttachSync } from ${JSON.stringify(built)}
     ${join}; process.setgid(1000); process.setuid(1000)
     const { verdict, cause, certainty } = canAttachSync(1)
     console.log(verdict, cause, certainty)`,
  )
  t.equal(stdout, 'denied owner proved\n')
})
