/** A client of the Debug Adapter Protocol that shares no code with the proxy. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { DebugProtocol } from '@vscode/debugprotocol'
import { environment } from './cli.js'

type Message = DebugProtocol.Response | DebugProtocol.Event | DebugProtocol.Request

/** Speaks with a program over its standard streams. */
export class Client {
  readonly child: ChildProcess
  readonly seen: Message[] = []
  stderr = ''
  #seq = 0
  #rest = Buffer.alloc(0)
  #wake: (() => void)[] = []
  #hasEnded = false

  constructor(command: readonly string[], env: Readonly<Record<string, string>>) {
    // The test runner adds its hooks to each environment, and they need files of its user.
    this.child = spawn('env', ['-u', 'NODE_OPTIONS', ...command], {
      env: environment(env),
      stdio: 'pipe',
    })
    this.child.stdout?.on('data', (chunk: Buffer) => this.#hear(chunk))
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += String(chunk)
    })
    this.child.stdin?.on('error', () => {}) // it has ended
    this.child.on('close', () => {
      this.#hasEnded = true
      this.#notify()
    })
  }

  /** Sends a request and answers with its number. */
  send(command: string, args?: unknown): number {
    this.#seq += 1
    const request = { seq: this.#seq, type: 'request', command, arguments: args }
    const body = JSON.stringify(request)
    this.child.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
    return this.#seq
  }

  /** The first message that fits, of those that came and those that will come. */
  async until<M extends Message>(fits: (message: Message) => message is M): Promise<M> {
    for (;;) {
      const found = this.seen.find(fits)
      if (found !== undefined) return found
      if (this.#hasEnded) throw new Error(`it ended: ${this.stderr}`)
      await new Promise<void>((wake) => this.#wake.push(wake))
    }
  }

  async request(command: string, args?: unknown): Promise<DebugProtocol.Response> {
    const seq = this.send(command, args)
    return this.until(
      (message): message is DebugProtocol.Response =>
        message.type === 'response' && 'request_seq' in message && message.request_seq === seq,
    )
  }

  /** The exit status or the signal that ended it. */
  async end(): Promise<number | string | null> {
    this.child.stdin?.end()
    if (this.#hasEnded) return this.child.exitCode ?? this.child.signalCode
    const [code, signal] = await once(this.child, 'close')
    return code ?? signal
  }

  #notify(): void {
    for (const wake of this.#wake.splice(0)) wake()
  }

  #hear(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk])
    for (;;) {
      const at = this.#rest.indexOf('\r\n\r\n')
      const length = /Content-Length: (\d+)/.exec(this.#rest.subarray(0, at).toString())?.[1]
      if (at === -1 || length === undefined) return
      const end = at + 4 + Number(length)
      if (this.#rest.length < end) return
      this.seen.push(JSON.parse(this.#rest.subarray(at + 4, end).toString()))
      this.#rest = this.#rest.subarray(end)
      this.#notify()
    }
  }
}
