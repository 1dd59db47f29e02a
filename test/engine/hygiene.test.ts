import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { built, ended, run, start } from '../helpers/node.js'
import { sessionOf } from '../helpers/processes.js'

/** Measures for ever, and says so after each time. Its session holds all that it starts. */
const forever = `
  import { probeSync } from ${JSON.stringify(built)}
  import { writeSync } from 'node:fs'
  for (;;) {
    probeSync()
    writeSync(1, '.')
  }`

/** Waits for the processes of a session to end. What is stopped, or waits for ever, never does. */
async function sessionEnds(leader: number): Promise<void> {
  while (sessionOf(leader).some(({ state }) => state !== 'Z')) await turn()
}

t.test('nothing outlives a Node that is killed in the middle of a measurement', async (t) => {
  for (let round = 0; round < 20; round++) {
    const child = start(forever, { stdio: ['ignore', 'pipe', 'inherit'] })
    const leader = child.pid ?? 0
    child.stdout?.on('error', () => {})
    await once(child.stdout ?? child, 'data')
    // The next measurement is on its way; a few more turns of our loop put the blow elsewhere in it.
    for (let i = 0; i < round * 5; i++) await turn()
    child.kill('SIGKILL')
    await once(child, 'exit')
    await sessionEnds(leader)
  }
  t.pass('every session came to its end')
})

t.test('nothing outlives a Node that exits while measurements are under way', async (t) => {
  const child = start(
    `import { probe } from ${JSON.stringify(built)}
     probe()
     probe()
     setImmediate(() => process.exit(7))`,
    { stdio: 'ignore' },
  )
  t.match(await ended(child), { code: 7, signal: null })
  await sessionEnds(child.pid ?? 0)
})

for (const when of ['at once', 'when it has begun'] as const) {
  t.test(`a Worker that is terminated ${when} takes its measurement along`, async (t) => {
    const child = start(
      `import { Worker } from 'node:worker_threads'
       const source = \`
         import { parentPort } from 'node:worker_threads'
         import { probe } from ${JSON.stringify(built)}
         for (;;) { const running = probe(); parentPort.postMessage('begun'); await running }\`
       for (let i = 0; i < 10; i++) {
         const worker = new Worker(source, { eval: true, execArgv: [] })
         if (${JSON.stringify(when)} !== 'at once') {
           await new Promise((resolve) => worker.once('message', resolve))
         }
         await worker.terminate()
       }
       const { probeSync } = await import(${JSON.stringify(built)})
       console.log(probeSync().scope.enforced.name)`,
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const { code, signal, stdout } = await ended(child)
    t.match({ code, signal }, { code: 0, signal: null })
    const { stdout: alone } = await run(
      `import { probeSync } from ${JSON.stringify(built)}
       console.log(probeSync().scope.enforced.name)`,
    )
    t.equal(stdout, alone)
    await sessionEnds(child.pid ?? 0)
  })
}

t.test('a process that reaps nothing is left without zombies', async (t) => {
  const { stdout } = await run(
    `import { probeSync } from ${JSON.stringify(built)}
     import { readdirSync, readFileSync } from 'node:fs'
     for (let i = 0; i < 5; i++) probeSync()
     const children = readdirSync('/proc')
       .filter((name) => /^\\d+$/.test(name))
       .map((pid) => { try { return readFileSync('/proc/' + pid + '/stat', 'utf8') } catch { return '' } })
       .filter((stat) => stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] === String(process.pid))
     console.log(JSON.stringify(children))`,
  )
  t.equal(stdout, '[]\n')
})

t.test('descriptors that Node has open are neither closed nor kept', async (t) => {
  const { stdout } = await run(
    `import { probeSync } from ${JSON.stringify(built)}
     import { readdirSync } from 'node:fs'
     probeSync()
     const before = readdirSync('/proc/self/fd').length
     for (let i = 0; i < 5; i++) probeSync()
     console.log(readdirSync('/proc/self/fd').length - before)`,
  )
  t.equal(stdout, '0\n')
})
