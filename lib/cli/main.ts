import { writeSync } from 'node:fs'
import { loadEngine } from '../engine/engine.js'
import { version } from '../engine/version.js'
import { grantEach } from '../grant.js'
import { main } from './index.js'
import { isDevice, stdout } from './stdout.js'

const device = isDevice()

// Settles when standard error has taken all that it was given, or does no longer.
let warned: Promise<void> = Promise.resolve()

/**
 * Runs the command and ends the process.
 *
 * @param asked - whether a grant has been asked for in vain; then the whole answer comes at once
 */
export async function run(asked: boolean): Promise<void> {
  let refused = asked
  const code = await main(process.argv.slice(2), {
    write,
    warn: (text) => {
      warned = new Promise((settle) => {
        // Without a listener a closed pipe would end the process with a stack trace.
        process.stderr.once('error', () => settle()).write(text, () => settle())
      })
    },
    isTTY: device && process.stdout.isTTY === true,
    columns: device ? process.stdout.columns : undefined,
    env: process.env,
    pid: process.pid,
    version: async () => version(),
    probe: async (options) => (await import('../probe/probe.js')).probe(options),
    tools: async (options) => (await import('../tools/tools.js')).tools(options),
    // Blocks, for there is nothing else to do: the thread pool would cost as much as the question.
    canAttachEach: async (...question) => {
      const granted = refused ? null : grantEach(...question)
      if (granted !== null) return granted
      refused = true
      return (await import('../attach/can-attach.js')).canAttachEach(...question)
    },
    survey: async function* (options) {
      yield* (await import('../attach/survey.js')).survey(options)
    },
    readPolicy: async (path) => (await import('../policy/file.js')).readPolicyFile(path),
    settings: async (options) => (await import('../settings/settings.js')).settings(options),
    processesNamed: async (name) => (await import('../machine/facts.js')).processesNamed(name),
    uidOf: async (user) => {
      if (user === null) return process.getuid?.() ?? null
      return loadEngine().lookUpUser(user)?.uid ?? null
    },
  })
  // The rest of a sentence waits in this process while a pipe is full.
  await warned
  // To leave at once spares Node from taking itself apart.
  process.exit(code)
}

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

/** Settles when the text has been taken, so that no more than one piece is in memory. */
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
