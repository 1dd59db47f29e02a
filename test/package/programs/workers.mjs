// Measures in two Workers at once and in one that is terminated meanwhile, and says what they found.
import { once } from 'node:events'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { probe } from 'ptrace-probe'

if (isMainThread) {
  const start = (data) => new Worker(new URL(import.meta.url), { workerData: data })
  const workers = [start('measure'), start('measure')]
  const terminated = start('announce')
  const answers = workers.map((worker) => once(worker, 'message'))
  await once(terminated, 'message')
  await terminated.terminate()
  const scopes = (await Promise.all(answers)).map(([scope]) => scope)
  await Promise.all(workers.map((worker) => worker.terminate()))
  console.log(JSON.stringify({ scopes }))
} else {
  const measured = probe()
  if (workerData === 'announce') parentPort.postMessage('measuring')
  const { scope } = await measured
  if (workerData === 'measure') parentPort.postMessage(scope.enforced.name)
}
