import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'

import type { Debugger, Session } from '../../judges/debuggers.js'
import type { Outcome, Question } from '../../judges/results.js'
import { searchPath } from './search-path.js'

/** What a debugger managed, and the last of what it printed. */
export interface Judgement {
  readonly outcome: Outcome
  readonly said: string
}

/** More than the slowest of them needs on an emulated machine that has little time for us. */
const limitMs = 120_000

/** The process's tracer; 0 if it has none, also when it has ended. */
function tracerOf(pid: number): number {
  try {
    return Number(/^TracerPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  } catch {
    return 0
  }
}

interface Run {
  /** Its number; undefined where it could not be started. */
  readonly pid: number | undefined
  /** What it has printed up to now. */
  text(): string
  /** Ends all that it has started. */
  end(signal: 'SIGTERM' | 'SIGKILL'): void
  /** The signal that ended it, once all that it has started have ended, at the latest at the limit. */
  readonly ended: Promise<NodeJS.Signals | null>
}

function run(
  [command = '', ...args]: readonly string[],
  path: string | null,
  heard: () => void = () => {},
): Run {
  // A process group of its own, so that what it starts can be ended too.
  const child = spawn(command, args, {
    cwd: '/tmp',
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: searchPath(path), HOME: '/tmp', LC_ALL: 'C', TERM: 'dumb' },
  })
  let text = ''
  function hear(chunk: Buffer): void {
    text += String(chunk)
    heard()
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const end = (signal: 'SIGTERM' | 'SIGKILL') => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal)
    } catch {} // all have ended
  }
  const timer = setTimeout(end, limitMs, 'SIGKILL')
  const ended = new Promise<NodeJS.Signals | null>((done) => {
    // execve(2) refuses a program whose capabilities the bounding set lacks.
    child.on('error', (error) => {
      text += String(error)
    })
    // strace that a filter kills leaves a child behind, in which it was trying ptrace out.
    child.on('exit', (_status, signal) => {
      if (signal !== null) end('SIGKILL')
    })
    child.on('close', (_status, signal) => done(signal))
  }).finally(() => {
    clearTimeout(timer)
    end('SIGKILL')
  })
  return { pid: child.pid, ended, end, text: () => text }
}

function judgementOf(attached: boolean, refused: boolean, text: string): Judgement {
  const said = text.trim().split('\n').slice(-3).join(' | ')
  if (attached === refused) return { outcome: 'unclear', said }
  return { outcome: attached ? 'attached' : 'refused', said }
}

/** By what a debugger is started so that it is what was asked about. */
const starters = {
  child: [],
  stranger: ['/run/lane/stranger'],
  user: ['/run/lane/stranger', '/run/lane/confine', 'uid=1000', '--'],
} as const satisfies Record<Question['as'], readonly string[]>

/** How a debugger is started, and what is to be expected of it. */
interface Start extends Pick<Question, 'as' | 'path'> {
  /** Its attach may never return. */
  readonly mayWait: boolean
}

const notStarted = /^Error: spawn \S+ EPERM$/

/** Has the debugger attach to the process. */
export async function judge(
  { command, args, attached, refused, stays, endless }: Debugger,
  pid: number,
  { as, path, mayWait }: Start,
): Promise<Judgement> {
  const before = tracerOf(pid)
  let traces = false
  const started = run([...starters[as], command, ...args(pid)], path, () => {
    if (endless?.test(started.text()) === true) return started.end('SIGKILL')
    if (!stays || traces || !attached.test(started.text())) return
    // What stays is told to end, once the kernel shows a tracer that was not there before.
    const tracer = tracerOf(pid)
    traces = tracer !== 0 && tracer !== before
    if (traces) started.end('SIGTERM')
  })
  const { text, ended } = started
  if (mayWait && (await waits(started))) {
    started.end('SIGKILL')
    await ended
    return { outcome: 'waits', said: text() }
  }
  const signal = await ended
  while (tracerOf(pid) !== before) await turn()
  const did = stays ? traces : attached.test(text())
  // A filter may kill the process that calls ptrace.
  if (signal === 'SIGSYS') return judgementOf(did, true, `${text()}\n${signal}`)
  return judgementOf(did, refused.test(text()) || notStarted.test(text()), text())
}

/** Whether the program has come to wait in its attach, and not to its end. */
async function waits({ pid, ended }: Run): Promise<boolean> {
  let isOver = false
  void ended.then(() => {
    isOver = true
  })
  while (!isOver && placeOf(pid) !== 'ptrace_attach') await turn()
  return !isOver
}

/** The function of the kernel in which a process sleeps. */
function placeOf(pid: number | undefined): string {
  try {
    return readFileSync(`/proc/${pid}/wchan`, 'utf8')
  } catch {
    return '' // it has ended
  }
}

/** Has one run of a debugger attach to one process after the other. */
export async function judgeAll(
  { command, args, attached, refused }: Session,
  pids: readonly number[],
  { as, path }: Pick<Question, 'as' | 'path'>,
): Promise<Judgement[]> {
  // Both outputs into one pipe, so that their order is kept.
  const { text, ended } = run(
    [...starters[as], 'sh', '-c', 'exec "$0" "$@" 2>&1', command, ...args(pids)],
    path,
  )
  await ended
  return pids.map((pid) => {
    const [, said] = new RegExp(`^at ${pid}$([^]*?)^after ${pid}$`, 'm').exec(text()) ?? []
    if (said === undefined) {
      // The shell could not execute it.
      return judgementOf(false, /: Operation not permitted$/m.test(text()), text())
    }
    return judgementOf(attached(pid).test(said), refused.test(said), said)
  })
}
