/**
 * Probes whenever it reads a line, and writes the report as one line of JSON. It lives through all
 * scopes, because to start Node takes an emulated machine longer than all the rest.
 */
import { createInterface } from 'node:readline'

const [, , entry = ''] = process.argv
const { probeSync }: { probeSync: () => unknown } = await import(entry)

process.stdout.write('ready\n')
for await (const _ of createInterface({ input: process.stdin })) {
  const begin = performance.now()
  const report = probeSync()
  process.stdout.write(`${JSON.stringify({ report, probeMs: performance.now() - begin })}\n`)
}
