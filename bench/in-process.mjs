// Runs inside one Node whose resident memory has been raised to a given number of MB: measures probeSync(), the
// C program on the same cells, and a bare fork of this Node, in turn, and prints the samples as JSON.

import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'

const [megabytes, rounds, cells, bareForkPath] = process.argv.slice(2)
const { probeSync } = await import('../dist/index.js')
const bareFork = createRequire(import.meta.url)(bareForkPath)

const ballast = []
while (process.memoryUsage.rss() < Number(megabytes) * 2 ** 20) {
  ballast.push(Buffer.alloc(2 ** 22, 1))
}

const ids = probeSync()
  .observations.map(({ id }) => `${id}\n`)
  .join('')
const samples = { probe: [], c: [], fork: [] }
for (let i = 0; i < Number(rounds); i++) {
  samples.probe.push(probeSync().durationMs)
  const text = execFileSync(cells, ['-t'], { input: ids, encoding: 'utf8' })
  samples.c.push(Number(/^# us (\d+)$/m.exec(text)[1]) / 1000)
  samples.fork.push(bareFork())
}
console.log(
  JSON.stringify({ megabytes: Math.round(process.memoryUsage.rss() / 2 ** 20), ...samples }),
)
