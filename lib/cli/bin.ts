#!/usr/bin/env node
import { constants, fstatSync, writeSync } from 'node:fs'
import { canAttachEach } from '../attach/index.js'
import { loadEngine, packageRoot, version } from '../engine/index.js'
import { readWatched } from '../machine/index.js'
import { main } from './main.js'

const stdout = 1
const device = isDevice()

// Settles when standard error has taken all that was written to it, or is closed.
let warned: Promise<void> = Promise.resolve()

main(process.argv.slice(2), {
  write,
  writeFile: async (path, text) => (await import('./output-file.js')).writeOutputFile(path, text),
  warn: (text) => {
    warned = new Promise((settle) => {
      // Without a listener a closed pipe would end the process with a stack trace.
      process.stderr.once('error', () => settle()).write(text, () => settle())
    })
  },
  isTTY: device && process.stdout.isTTY === true,
  columns: device ? process.stdout.columns : undefined,
  rows: device ? process.stdout.rows : undefined,
  env: process.env,
  pid: process.pid,
  readCache: async (path) =>
    (await import('./cache-file.js')).readOwnFile(path, process.geteuid?.() ?? -1),
  writeCache: async (path, text) =>
    (await import('./cache-file.js')).writeOwnFile(path, text, process.pid),
  fingerprint: async () => (await import('../machine/index.js')).readFingerprint(),
  now: () => Date.now(),
  version: async () => version(),
  home: packageRoot,
  probe: async (options) => (await import('../probe/index.js')).probe(options),
  tools: async (options) => (await import('../tools/index.js')).tools(options),
  collect: async (options) => (await import('../fleet/index.js')).collect(options),
  merge: async (paths, progress) => {
    const { mergeSources, sourcesOf } = await import('../fleet/index.js')
    return mergeSources(
      sourcesOf(paths, () => process.stdin),
      progress,
    )
  },
  readMeasured: async (path) => (await import('../fleet/index.js')).readMeasured(path),
  difference: async (...both) => (await import('../fleet/index.js')).difference(...both),
  isWatched: () => process.stderr.isTTY === true,
  isTyped: () => process.stdin.isTTY === true,
  findTool: async (name) =>
    (await import('../tools/index.js')).findTool(name, process.env['PATH'] ?? ''),
  // Blocks: there is nothing else to do, and the thread pool would cost as much as the question.
  canAttachEach: async (...question) => canAttachEach(...question),
  survey: async function* (options) {
    yield* (await import('../attach/index.js')).surveyed(options)
  },
  readPolicy: async (path) => (await import('../policy/index.js')).readPolicyFile(path),
  settings: async (options) => (await import('../settings/index.js')).settings(options),
  factsAbout: readWatched,
  ticks: (milliseconds) => {
    const interrupted = new Promise<boolean>((settle) => {
      for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => settle(false))
    })
    const passed = () => new Promise<boolean>((settle) => setTimeout(settle, milliseconds, true))
    return () => Promise.race([interrupted, passed()])
  },
  processesNamed: async (name) =>
    (await import('../machine/index.js')).processesNamed(name, process.pid),
  uidOf: async (user) => {
    if (user === null) return process.getuid?.() ?? null
    return loadEngine().lookUpUser(user)?.uid ?? null
  },
}).then(async (code) => {
  // While a pipe is full, the rest of a sentence waits in this process.
  await warned
  // An explicit exit is faster: Node does not wait for, or tear down, anything.
  process.exit(code)
})

/**
 * Whether standard output may be a terminal. The first access to Node's own stream loads the network
 * stack, which takes longer than the rest of the start. A pipe, a file and /dev/null (major 1,
 * Documentation/admin-guide/devices.txt) do not need that stream.
 */
function isDevice(): boolean {
  const { rdev, mode } = fstatSync(stdout)
  return (mode & constants.S_IFMT) === constants.S_IFCHR && rdev >> 8 !== 1
}

async function write(text: string): Promise<void> {
  if (device) return writeToStream(text)
  let rest = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(stdout, rest))
    } catch (error) {
      // The pipe is full, and another process that holds it has made it non-blocking.
      if (error instanceof Error && 'code' in error && error.code === 'EAGAIN')
        return writeToStream(rest)
      throw error
    }
  }
}

/** Settles when the stream has taken the text, so that only one piece is in memory. */
function writeToStream(chunk: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = process.stdout.once('error', reject)
    stream.write(chunk, (error) => {
      if (error) return reject(error)
      stream.off('error', reject)
      resolve()
    })
  })
}
