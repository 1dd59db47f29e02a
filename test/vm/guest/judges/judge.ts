import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'

import type { Debugger, Session } from '../../judges/debuggers.js'
import type { Outcome } from '../../judges/results.js'

/** What a debugger managed, and the last of what it printed. */
export interface Judgement {
  readonly outcome: Outcome
  readonly said: string
}

/** More than the slowest of them needs on an emulated machine. */
const limitMs = 40_000

/** Who traces the process; 0 for nobody, also when it has ended. */
function tracerOf(pid: number): number {
  try {
    return Number(/^TracerPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  } catch {
    return 0
  }
}

interface Run {
  readonly child: ChildProcess
  /** What it has printed up to now. */
  text(): string
  /** It has ended, by itself or at the limit, and with it all that it has started. */
  readonly ended: Promise<void>
}

function run(command: string, args: readonly string[], heard: () => void = () => {}): Run {
  // A process group of its own, so that what it starts can be ended too.
  const child = spawn(command, args, {
    cwd: '/tmp',
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: '/tmp', LC_ALL: 'C', TERM: 'dumb' },
  })
  let text = ''
  function hear(chunk: Buffer): void {
    text += String(chunk)
    heard()
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const killGroup = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    } catch {} // all have ended
  }
  const timer = setTimeout(killGroup, limitMs)
  const ended = new Promise<void>((done, fail) => {
    child.on('error', fail)
    child.on('close', () => done())
  }).finally(() => {
    clearTimeout(timer)
    killGroup()
  })
  return { child, ended, text: () => text }
}

function judgementOf(attached: boolean, refused: boolean, text: string): Judgement {
  const said = text.trim().split('\n').slice(-3).join(' | ')
  if (attached === refused) return { outcome: 'unclear', said }
  return { outcome: attached ? 'attached' : 'refused', said }
}

/** Has the debugger attach to the process. */
export async function judge(
  { command, args, attached, refused, stays }: Debugger,
  pid: number,
): Promise<Judgement> {
  const before = tracerOf(pid)
  let traces = false
  const { child, text, ended } = run(command, args(pid), () => {
    if (!stays || traces || !attached.test(text())) return
    // What stays is told to end, once the kernel shows it as the target's tracer.
    traces = tracerOf(pid) === child.pid
    if (traces) child.kill('SIGTERM')
  })
  await ended
  while (tracerOf(pid) !== before) await turn()
  const did = stays ? traces : attached.test(text())
  return judgementOf(did, refused.test(text()), text())
}

/** Has one run of a debugger attach to one process after the other. */
export async function judgeAll(
  { command, args, attached, refused }: Session,
  pids: readonly number[],
): Promise<Judgement[]> {
  // Both outputs into one pipe, so that their order is kept.
  const { text, ended } = run('sh', ['-c', 'exec "$0" "$@" 2>&1', command, ...args(pids)])
  await ended
  return pids.map((pid) => {
    const [, said = ''] = new RegExp(`^at ${pid}$([^]*?)^after ${pid}$`, 'm').exec(text()) ?? []
    return judgementOf(attached(pid).test(said), refused.test(said), said)
  })
}
