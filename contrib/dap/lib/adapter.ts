import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'

import { type Arguments, address } from './arguments.js'
import type { Ends } from './proxy.js'

/** A debug adapter that runs. */
export interface Adapter {
  readonly process: ChildProcess
  readonly streams: Pick<Ends['adapter'], 'input' | 'output'>
}

/**
 * Starts the adapter.
 *
 * @throws Error if it cannot be started, or ends before it has connected
 */
export async function startAdapter({ adapter, dial }: Arguments): Promise<Adapter> {
  const [program, ...args] = adapter
  return dial ? startDialing(program, args) : startSpeaking(program, args)
}

/** Signals for the proxy that the adapter gets in its place. */
export const passedSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Passes signals on from now on to the adapter that is told next. It has to listen before that one runs:
 * whatever it says, the client may answer it with a signal.
 */
function passSignals(): (adapter: ChildProcess) => void {
  let adapter: ChildProcess | null = null
  for (const signal of passedSignals) process.on(signal, () => adapter?.kill(signal))
  return (started) => {
    adapter = started
  }
}

async function startSpeaking(program: string, args: readonly string[]): Promise<Adapter> {
  const passTo = passSignals()
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  passTo(child)
  await once(child, 'spawn')
  child.stdin.on('error', () => {}) // it has ended, which its exit tells
  return { process: child, streams: { input: child.stdin, output: child.stdout } }
}

async function startDialing(program: string, args: readonly string[]): Promise<Adapter> {
  const server = createServer({ noDelay: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const at = server.address()
  if (at === null || typeof at === 'string') throw new Error('no port could be listened at')
  const filled = args.map((each) => each.replaceAll(address, `${at.address}:${at.port}`))
  // Its standard output is not of the protocol: it goes where its errors go.
  const passTo = passSignals()
  const child = spawn(program, filled, { stdio: ['ignore', 2, 'inherit'] })
  passTo(child)
  await once(child, 'spawn')
  const connected = once(server, 'connection')
  const ended = once(child, 'exit').then(() => {
    throw new Error('it ended before it had connected')
  })
  const [socket] = await Promise.race([connected, ended])
  ended.catch(() => {}) // from now on its exit is what the client is told
  server.close()
  socket.on('error', () => {})
  return { process: child, streams: { input: socket, output: socket } }
}
