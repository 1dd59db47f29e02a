// How much later a message of the Debug Adapter Protocol arrives that goes through the proxy of
// contrib/dap and is no request to attach: the adapter is cat(1), which sends each message back, so
// that a message goes through the proxy twice.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const proxy = fileURLToPath(new URL('../contrib/dap/dist/ptrace-probe-dap.cjs', import.meta.url))
const rounds = 5000
const goalMs = 1

/** Times of one message there and back, in milliseconds, sorted. */
async function measure(command, args, bytes) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const times = []
  for (let i = 0; i < rounds; i++) {
    let missing = bytes.length
    const begin = performance.now()
    child.stdin.write(bytes)
    while (missing > 0) {
      const [chunk] = await once(child.stdout, 'data')
      missing -= chunk.length
    }
    times.push(performance.now() - begin)
  }
  child.stdin.end()
  await once(child, 'close')
  return times.slice(rounds / 10).sort((a, b) => a - b)
}

const at = (times, share) => times[Math.floor(times.length * share)]
const body = (length) => JSON.stringify({ seq: 1, type: 'request', text: 'x'.repeat(length) })
let isMet = true
for (const length of [100, 10_000, 100_000]) {
  const text = body(length)
  const bytes = Buffer.from(`Content-Length: ${text.length}\r\n\r\n${text}`)
  const bare = await measure('cat', [], bytes)
  const wrapped = await measure(process.execPath, [proxy, '--', 'cat'], bytes)
  const [median, late] = [0.5, 0.99].map((share) => (at(wrapped, share) - at(bare, share)) / 2)
  isMet &&= median < goalMs
  console.log(
    `${bytes.length} bytes: ${median.toFixed(3)} ms more a way (median), ${late.toFixed(3)} ms (99 of 100)`,
  )
}
console.log(`goal: less than ${goalMs} ms (median): ${isMet ? 'met' : 'not met'}`)
process.exitCode = isMet ? 0 : 1
