#!/usr/bin/env node
import { fstatSync, writeSync } from 'node:fs'
import { main } from './cli.js'
import { version } from './version.js'

const stdout = 1
// `process.stdout` loads the network stack when it is first looked at, which takes longer than the
// rest of this program's own start. A pipe or a file does without.
const device = fstatSync(stdout).isCharacterDevice()

// The exit code is set and the process left to end by itself, so that a slow reader gets everything.
main(process.argv.slice(2), {
  write,
  warn: (text) => {
    // Without a listener a closed pipe would end the process with a stack trace.
    process.stderr.on('error', () => {}).write(text)
  },
  isTTY: device && process.stdout.isTTY === true,
  columns: device ? process.stdout.columns : undefined,
  env: process.env,
  version: async () => version(),
  probe: async (options) => (await import('./probe.js')).probe(options),
}).then((code) => {
  process.exitCode = code
})

async function write(text: string): Promise<void> {
  if (device) return writeToStream(text)
  let rest = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(stdout, rest))
    } catch (error) {
      // A pipe that its other users made non-blocking is full.
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return writeToStream(rest)
      throw error
    }
  }
}

function writeToStream(chunk: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.on('error', reject).write(chunk, (error) => (error ? reject(error) : resolve()))
  })
}
