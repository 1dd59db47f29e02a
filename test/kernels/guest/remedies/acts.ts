/** What every remedy is tried with: a question, and a command that attaches or does not. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setImmediate as turn } from 'node:timers/promises'

import type { Verdict } from '../../../../lib/model/index.js'

/** What stands before a command to run it as uid 1000. */
export const asUser = ['./confine', 'uid=1000', '--'] as const

/** What `check` says to that asker. */
export function ask(asker: readonly string[], pid: number): Verdict {
  const [command = '', ...args] = [...asker, '/run/node', '/run/project/dist/bin.cjs']
  const run = spawnSync(command, [...args, 'check', '--json', String(pid)], { encoding: 'utf8' })
  try {
    const [verdict]: Verdict[] = JSON.parse(run.stdout)
    if (verdict !== undefined) return verdict
  } catch {} // what it printed says more
  throw new Error(`${asker.join(' ')} check ${pid} ended with ${run.status}: ${run.stderr}`)
}

/** The process's tracer; 0 if it has none, also when it has ended. */
export function tracerOf(pid: number): number {
  try {
    return Number(/^TracerPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  } catch {
    return 0
  }
}

/** What debuggers print only when they have attached, or when the program that they started ended. */
const success = /Process \d+ attached|\(process \d+\) detached\]|exited normally\]/

export interface Came {
  readonly worked: boolean
  readonly printed: string
}

/** Longer than any of them takes on a busy machine. */
const limitMs = 60_000

/**
 * Runs a line of a shell until it traces the process, or has come to its end.
 *
 * @param input - what a debugger that asks is told
 */
export function attach(
  as: readonly string[],
  line: string,
  { pid = 0, input = '' }: { pid?: number; input?: string } = {},
): Promise<Came> {
  const [command = '', ...args] = [...as, 'sh', '-c', line]
  const child = spawn(command, args, { detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.on('error', () => {}) // it has ended
  child.stdin.end(input)
  return outcome(child, pid)
}

/** Whether what runs there comes to trace the process; it is ended then. */
export async function outcome(child: ChildProcess, pid: number): Promise<Came> {
  const before = tracerOf(pid)
  let [printed, traced, isOver] = ['', false, false]
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      printed += String(chunk)
    })
  }
  const end = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    } catch {} // all have ended
  }
  const timer = setTimeout(end, limitMs)
  const closed = new Promise<void>((done) => {
    child.on('error', (error) => {
      printed += String(error)
    })
    child.on('close', () => done())
  }).then(() => {
    isOver = true
  })
  while (!isOver && !traced) {
    // A debugger that starts its target has no number to look at.
    traced = success.test(printed) || ![0, before].includes(tracerOf(pid))
    await turn()
  }
  end()
  // What a manager has started for it is in no group of ours, and holds its pipes.
  for (let tracer = tracerOf(pid); tracer !== before; tracer = tracerOf(pid)) {
    try {
      if (tracer !== 0) process.kill(tracer, 'SIGKILL')
    } catch {} // it has ended
    await turn()
  }
  await closed
  clearTimeout(timer)
  return { worked: traced || success.test(printed), printed: printed.trim().slice(-500) }
}

/** A process of ours that answers lines with lines. */
export interface Talk {
  readonly child: ChildProcess
  readonly pid: number
  say(line: string): void
  hear(): Promise<string>
}

export function talkTo([command = '', ...args]: readonly string[]): Talk {
  const child = spawn(command, args, { detached: true, stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.on('error', () => {}) // it has ended
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    child,
    pid: child.pid ?? 0,
    say: (line) => void child.stdin.write(`${line}\n`),
    async hear() {
      const { value, done } = await lines.next()
      if (done === true) throw new Error(`${command} ${args.join(' ')} has ended`)
      return String(value)
    },
  }
}
