// Makes the runs of one cage, from inside: it starts the processes that ask, and looks at what is
// left after each run. One JSON line a run.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { find, type ProcessLine, processes } from '../helpers/processes.js'
import { type Answer, judged, type Line, type Result, told } from './answers.js'
import { type Case, mayAnswer, mayEndNode, type Question, signalNumber } from './cases.js'
import { ordersOf } from './points.js'
import type { Request } from './subject.js'
import { worldOf } from './worlds.js'

/** What a cage is started with. */
export interface Assignment {
  readonly runs: readonly Case[]
  readonly points: readonly string[]
  /** Its own. */
  readonly directory: string
  readonly uid: number
  readonly library: string
  readonly command: string
  readonly meddle: string
  readonly cage: string
  readonly subject: string
}

const assignment: Assignment = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
const { directory, cage, uid } = assignment
const place = (name: string): string => {
  const path = join(directory, name)
  mkdirSync(path, { mode: 0o777 })
  return path
}
const temporary = place('tmp')
const current = place('cwd')
const world = place('world')

async function bystander(...args: string[]): Promise<number> {
  const child = spawn(cage, ['bystander', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return child.pid ?? 0
}

const pids = {
  bystander: await bystander(),
  other: await bystander('65534'),
  agent: process.pid,
  init: 1,
  none: 4_000_000,
}
const bystanders = [pids.bystander, pids.other]
const known = new Set([1, process.pid, ...bystanders])

/** A process that answers requests. */
interface Subject {
  readonly child: ChildProcess
  readonly user: Case['user']
  exit: string | null
  next: (line: Line | null) => void
  errors: string
}

function environment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], TMPDIR: temporary, HOME: current, ...extra }
}

function commandFor({ world: name, user }: Case, args: readonly string[]): string[] {
  const asUser =
    user === 'root' ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--']
  const wrapper = worldOf(name).wrapper({ cage, directory: world })
  return [...wrapper, ...asUser, process.execPath, ...args]
}

/** A copy of Node that was stopped when it was born has Node's descriptors, and keeps them open. */
function closeAfter(child: ChildProcess): void {
  child.on('exit', () => {
    setTimeout(() => {
      for (const stream of child.stdio) stream?.destroy()
    }, 1000).unref()
  })
}

function startSubject(run: Case): Subject {
  const { library, meddle } = assignment
  const [file = '', ...args] = commandFor(run, [assignment.subject, library, meddle])
  const child = spawn(file, args, {
    cwd: current,
    env: environment(),
    stdio: ['pipe', 'ignore', 'pipe', 'pipe', 'pipe'],
  })
  const subject: Subject = { child, user: run.user, exit: null, next: () => {}, errors: '' }
  let text = ''
  const lines = child.stdio[3]
  if (lines && 'setEncoding' in lines) {
    lines.setEncoding('utf8').on('data', (part: string) => {
      text += part
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
        const line = text.slice(0, end)
        text = text.slice(end + 1)
        subject.next(JSON.parse(line))
      }
    })
  }
  for (const stream of child.stdio) stream?.on('error', () => {})
  closeAfter(child)
  child.stderr?.setEncoding('utf8').on('data', (part: string) => {
    subject.errors += part
  })
  child.on('close', (code, signal) => {
    subject.exit = signal ?? `code ${code}`
    subject.next(null)
  })
  return subject
}

const hear = (subject: Subject): Promise<Line | null> =>
  subject.exit !== null
    ? Promise.resolve(null)
    : new Promise((resolve) => {
        subject.next = resolve
      })

/** Waits for something, but not for ever; continues Node where it was stopped. */
async function within<T>(
  promise: Promise<T>,
  pid: number,
  limitMs: number,
): Promise<{ value: T | 'late'; wasResumed: boolean }> {
  let wasResumed = false
  const watch = setInterval(() => {
    if (find(pid)?.state !== 'T') return
    wasResumed = true
    process.kill(pid, 'SIGCONT')
  }, 150)
  const late = new AbortController()
  const value = await Promise.race([
    promise,
    pause(limitMs, 'late' as const, { signal: late.signal }).catch(() => 'late' as const),
  ])
  late.abort()
  clearInterval(watch)
  return { value, wasResumed }
}

function send(subject: Subject, run: Case): void {
  const request: Request = { run, orders: ordersOf(run.faults, assignment.points), pids }
  const pipe = subject.child.stdio[4]
  if (pipe && 'write' in pipe) pipe.write(`${JSON.stringify(request)}\n`)
}

async function dismiss(subject: Subject): Promise<string | null> {
  if (subject.exit !== null) return subject.exit
  const closed = once(subject.child, 'close')
  const pipe = subject.child.stdio[4]
  if (pipe && 'end' in pipe) pipe.end()
  const { value } = await within(closed, subject.child.pid ?? 0, 5000)
  if (value === 'late') subject.child.kill('SIGKILL')
  await closed
  return subject.exit
}

function fire(run: Case, subject: number): ChildProcess | null {
  if (run.shots === null) return null
  const { alsoNode, delayUs, signal, pick, count, gapUs } = run.shots
  const first = alsoNode ? subject - 1 : subject
  return spawn(
    cage,
    ['snipe', first, delayUs, signalNumber(signal), pick, count, gapUs].map(String),
    { stdio: 'ignore' },
  )
}

/** Whether it is no more than the end of a process that is on its way to be reaped. */
async function leftovers(isKnown: (line: ProcessLine) => boolean): Promise<ProcessLine[]> {
  const end = performance.now() + 2000
  for (;;) {
    const left = processes().filter((line) => !known.has(line.pid) && !isKnown(line))
    if (left.length === 0 || performance.now() > end) return left
    await pause(2)
  }
}

function bystanderProblems(): string[] {
  return bystanders.flatMap((pid) => {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8')
    const field = (name: string): string =>
      new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(text)?.[1] ?? ''
    const seen = [field('State'), field('TracerPid'), field('SigPnd'), field('ShdPnd')].join(' ')
    return seen === 'S 0 0000000000000000 0000000000000000' ? [] : [`bystander ${pid}: ${seen}`]
  })
}

function fileProblems(): string[] {
  return [temporary, current].flatMap((path) =>
    readdirSync(path).map((name) => {
      rmSync(join(path, name), { recursive: true })
      return `file left: ${name}`
    }),
  )
}

async function leaveGroup(): Promise<void> {
  try {
    rmdirSync(readFileSync(join(world, 'group'), 'utf8'))
    rmSync(join(world, 'group'))
  } catch {
    // It was in none.
  }
}

async function lookAround(): Promise<string[]> {
  const alive = lasting?.exit === null ? lasting.child.pid : undefined
  const left = await leftovers(({ pid }) => pid === alive)
  for (const { pid } of left) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended.
    }
  }
  return [
    ...left.map(
      ({ pid, name, state, parent }) =>
        `left: ${name} (${pid}), state ${state}, child of ${parent}`,
    ),
    ...bystanderProblems(),
    ...fileProblems(),
  ]
}

/** Whether the process that asks can be asked again: the run ends it no more than it changes it. */
const isReusable = (run: Case): boolean =>
  run.world === 'plain' && run.user === 'root' && run.filters.length === 0 && !mayEndNode(run)

let lasting: Subject | null = null

async function make(run: Case): Promise<Result> {
  const { question } = run
  if (question.ask === 'report' || question.ask === 'check') return runCommand(run, question)
  const { slowness } = worldOf(run.world)
  const isFresh = !isReusable(run)
  const subject = isFresh || lasting === null || lasting.exit !== null ? startSubject(run) : lasting
  if (subject !== lasting) {
    const { value } = await within(hear(subject), subject.child.pid ?? 0, 20_000 * slowness)
    if (value === null || value === 'late') {
      subject.child.kill('SIGKILL')
      if (subject.exit === null) await once(subject.child, 'close')
      await leaveGroup()
      const reason = `${run.world}: Node does not start (${subject.exit}) ${subject.errors.slice(0, 300)}`
      const problems = await lookAround()
      return { ...nothing(run), skipped: reason, problems }
    }
    if (!isFresh) lasting = subject
  }
  const pid = subject.child.pid ?? 0
  const answered = hear(subject)
  const gun = fire(run, pid)
  const shot = gun === null ? null : once(gun, 'close')
  send(subject, run)
  const patience = run.timeoutMs + 1000 + (mayEndNode(run) ? 2500 : 6000) * slowness
  const { value, wasResumed } = await within(answered, pid, patience)
  await shot
  const problems: string[] = []
  if (value === 'late') {
    if (mayAnswer(run)) problems.push('hung')
    subject.child.kill('SIGKILL')
    if (subject.exit === null) await once(subject.child, 'close')
  }
  const ended = subject.exit ?? (isFresh ? endOf(await dismiss(subject)) : null)
  await leaveGroup()
  problems.push(...(await lookAround()))
  const line = value === 'late' ? null : value
  return { ...nothing(run), line, wasResumed, ended, problems }
}

const endOf = (exit: string | null): string | null => (exit === 'code 0' ? null : exit)

const nothing = ({ index }: Case): Result => ({
  index,
  line: null,
  ended: null,
  wasResumed: false,
  skipped: null,
  problems: [],
  pids,
})

/** The command itself, as people run it. */
async function runCommand(
  run: Case,
  question: Extract<Question, { ask: 'report' | 'check' }>,
): Promise<Result> {
  const { timeoutMs } = run
  const args =
    question.ask === 'check'
      ? ['check', String(pids[question.target]), `--tracer=${question.tracer}`]
      : ['report']
  const [file = '', ...rest] = commandFor(run, [
    assignment.command,
    ...args,
    '--json',
    `--timeout=${timeoutMs}`,
  ])
  const begin = performance.now()
  const child = spawn(file, rest, {
    cwd: current,
    env: environment({ CHAOS_ORDERS: ordersOf(run.faults, assignment.points) }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  closeAfter(child)
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    stdout += part
  })
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    stderr += part
  })
  const closed = once(child, 'close')
  const { value, wasResumed } = await within(closed, child.pid ?? 0, timeoutMs + 8000)
  const problems: string[] = []
  if (value === 'late') {
    problems.push('hung')
    child.kill('SIGKILL')
    await closed
  }
  const ms = performance.now() - begin
  problems.push(...(await lookAround()))
  const [code, signal] = value === 'late' ? [null, 'SIGKILL'] : value
  if (signal !== null) return { ...nothing(run), ended: signal, wasResumed, problems }
  const answer = commandAnswer(question.ask, code, stdout, stderr)
  if (answer === null)
    problems.push(`exit ${code}: ${stdout.slice(0, 200)} ${stderr.slice(0, 300)}`)
  const line: Line = {
    is: 'answered',
    answer: answer ?? { is: 'terminated' },
    // Node itself has to start and to end, on a machine that is busy.
    ms: ms - 4000,
    descriptors: null,
    threads: 0,
  }
  return { ...nothing(run), line, wasResumed, problems }
}

function commandAnswer(
  ask: 'report' | 'check',
  code: number | null,
  stdout: string,
  stderr: string,
): Answer | null {
  const [, message] = /^ptrace-probe: ([^\n]*)\n/.exec(stderr) ?? []
  if (code === 3 && message !== undefined) {
    return { is: 'error', name: 'PtraceProbeError', code: 'ERR_PTRACE_PROBE_', message }
  }
  try {
    const parsed = JSON.parse(stdout)
    if (ask === 'report') return { is: 'reports', reports: [told(parsed)] }
    const verdicts = [parsed].flat()
    return { is: 'verdicts', verdicts: verdicts.filter(({ verdict }) => verdict).map(judged) }
  } catch {
    return null
  }
}

for (const run of assignment.runs) {
  writeFileSync(join(directory, 'current'), String(run.index))
  process.stdout.write(`${JSON.stringify(await make(run))}\n`)
}
if (lasting !== null) await dismiss(lasting)
process.stdout.write('', () => process.exit(0))
