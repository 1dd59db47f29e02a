// The process that asks the library, again and again, and tells what it holds in between.
//
//   node --expose-gc subject.mjs LIBRARY COUNTS
//
// It prints one line of JSON for each sample (flat.ts).

import { readdirSync, readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import type * as Library from '../../lib/index.js'
import type { Sample } from './flat.js'

/** How often it does what. */
export interface Counts {
  readonly attaches: number
  readonly probes: number
  readonly workers: number
  readonly terminations: number
}

const [, , libraryPath = '', given = ''] = process.argv
const library: typeof Library = await import(libraryPath)
const counts: Counts = JSON.parse(given)

const isRoot = process.getuid?.() === 0
const tracers: readonly Library.TracerOption[] = [
  ...(['self', 'self', 'self', 'child', 'stranger'] as const),
  ...(isRoot ? (['user:nobody'] as const) : []),
]
const identities: readonly Library.Identity[] = [
  ...(['caller', 'unprivileged', 'owner'] as const),
  ...(isRoot ? (['user:nobody'] as const) : []),
]
const timeoutMs = 120_000

async function attach(i: number): Promise<void> {
  const tracer = tracers[i % tracers.length] ?? 'self'
  // One that is there, this one, and one that is not there.
  const pid = [process.ppid, process.pid, 4194304][i % 3] ?? 1
  const verdict =
    i % 2 === 0
      ? library.canAttachSync(pid, { tracer, timeoutMs })
      : await library.canAttach(pid, { tracer, timeoutMs })
  if (verdict.pid !== pid) throw new Error(`Asked about ${pid}, got ${verdict.pid}`)
}

async function probe(i: number): Promise<void> {
  const options = { identities, timeoutMs }
  const { observations } = i % 2 === 0 ? library.probeSync(options) : await library.probe(options)
  if (!observations.some(({ status }) => status === 'allowed'))
    throw new Error('Nothing is allowed')
}

/** What a Worker does: it says so when it has begun to ask, and ends when the answers are there. */
const source = `
  const { parentPort, workerData } = require('node:worker_threads')
  import(workerData.libraryPath).then(async ({ canAttach, probe, survey }) => {
    const answers = []
    for (let i = 0; i < workerData.rounds; i++) {
      answers.push(probe({ timeoutMs: ${timeoutMs} }))
      answers.push(canAttach(process.ppid, { tracer: i % 2 ? 'child' : 'stranger', timeoutMs: ${timeoutMs} }))
      answers.push(canAttach(process.pid, { timeoutMs: ${timeoutMs} }))
    }
    parentPort.postMessage('asked')
    await Promise.all(answers)
  })`

function start(rounds: number): Worker {
  return new Worker(source, { eval: true, execArgv: [], workerData: { libraryPath, rounds } })
}

function finished(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.on('error', reject)
    worker.on('exit', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`A Worker ended with ${code}`))
    })
  })
}

/** Terminates a Worker while its answers are on their way. */
async function terminated(rounds: number): Promise<void> {
  const worker = start(rounds)
  await new Promise((resolve, reject) => {
    worker.on('error', reject)
    worker.on('message', resolve)
  })
  await worker.terminate()
}

function sample(): Sample {
  global.gc?.()
  const pages = Number(readFileSync('/proc/self/statm', 'utf8').split(' ')[1])
  return {
    memory: pages * 4096,
    descriptors: readdirSync('/proc/self/fd').length,
    threads: readdirSync('/proc/self/task').length,
  }
}

const stages = 20
/** The part of a count that falls into a stage. */
const share = (count: number, stage: number): number =>
  Math.floor((count * (stage + 1)) / stages) - Math.floor((count * stage) / stages)

async function repeat(times: number, action: (i: number) => Promise<void>): Promise<void> {
  for (let i = 0; i < times; i++) await action(i)
}

// Threads of the pool and what is loaded late.
await Promise.all(Array.from({ length: 4 }, () => library.probe({ timeoutMs })))
await Promise.all(Array.from({ length: counts.workers }, () => finished(start(1))))
for (let stage = 0; stage < stages; stage++) {
  await repeat(share(counts.attaches, stage), attach)
  await repeat(share(counts.probes, stage), probe)
  await repeat(share(counts.terminations, stage), (i) => terminated(i % 4))
  if (stage === 0) for await (const _ of library.survey({ timeoutMs }));
  if (stage % 10 === 0) {
    await Promise.all(Array.from({ length: counts.workers }, () => finished(start(2))))
  }
  console.log(JSON.stringify(sample()))
}
