/**
 * Runs inside of the booted machine as root: makes the targets and the rooms, sets every scope, and
 * has each room foretell and try. Nothing is judged here.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { release } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import type { Cell, JudgesPlan, JudgesResults, Question, Sitting } from '../../judges/results.js'
import type { Room } from '../../judges/room.js'

const project = '/run/project'
const { main }: { main: string } = JSON.parse(readFileSync(`${project}/package.json`, 'utf8'))
const plan: JudgesPlan = JSON.parse(readFileSync('plan.json', 'utf8'))

/** A child that answers lines with lines; null once it has ended. */
interface Talk {
  readonly child: ChildProcess
  line(): Promise<string | null>
  /** What it complained of. */
  complaint(): string
}

function start([command = '', ...args]: readonly string[]): Talk {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += String(chunk)
    process.stderr.write(chunk)
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  child.on('error', (error) => console.error(String(error)))
  child.stdin.on('error', () => {}) // it has ended
  return {
    child,
    complaint: () => complaint.trim(),
    async line() {
      const { value, done } = await lines.next()
      return done === true ? null : String(value)
    },
  }
}

/** What /proc/PID/status says of a process that a debugger might have left otherwise. */
function conditionOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8')
    const [, state] = /^State:\s*(\S)/m.exec(text) ?? []
    // Between two sleeps a process may be seen running.
    const still = state === 'R' || state === 'D' || state === 'I' ? 'S' : state
    return `${still} ${/^TracerPid:\s*(\d+)/m.exec(text)?.[1]}`
  } catch {
    return 'gone'
  }
}

interface Open {
  readonly room: Room
  readonly talk: Talk
  readonly targets: Readonly<Record<string, number>>
}

const closed: Record<string, string> = {}
const missing: Record<string, string[]> = {}

function present(room: string, made: Readonly<Record<string, number>>): Record<string, number> {
  const entries = Object.entries(made)
  missing[room] = entries.filter(([, pid]) => pid === 0).map(([name]) => name)
  return Object.fromEntries(entries.filter(([, pid]) => pid !== 0))
}

const outside = present('', {
  ...JSON.parse((await start(['./targets']).line()) ?? '{}'),
  'kernel-thread': 2,
  'process-1': 1,
})

/** Processes whose threads differ: only debuggers that come back from them are to try. */
const wantThreads = plan.rooms.some(({ sittings }) =>
  sittings.some(({ targets = [] }) => targets.includes('thread-traced')),
)
const threaded: Record<string, number> = wantThreads
  ? JSON.parse((await start(['./targets', '--threads']).line()) ?? '{}')
  : {}

/** Starts the Node of a room. */
async function open(room: Room): Promise<Open[]> {
  for (const [command = '', ...args] of room.setup) {
    const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
    if (status === 0) continue
    closed[room.id] = `${command} ended with ${status}: ${error ?? stderr}`
    return []
  }
  const node = ['/run/node', '/run/lane/room.js', join(project, main)]
  console.error(`opening ${room.id}`)
  const talk = start([...room.command, ...node])
  const line = await talk.line()
  if (line === null) {
    closed[room.id] = `${room.command[0]} has ended: ${talk.complaint()}`
    return []
  }
  const targets = room.ownTargets ? present(room.id, JSON.parse(line)) : outside
  return [{ room, talk, targets }]
}

async function ask({ room, talk, targets }: Open, scope: Sitting['scope']): Promise<Sitting> {
  const cells: Cell[] = []
  const before = Object.entries(outside).map(
    ([name, pid]) => [name, pid, conditionOf(pid)] as const,
  )
  for (const [trials, row] of room.sittings.entries()) {
    const { scopes, as = 'child', debuggers, path = null, targets: wanted, except } = row
    if (!scopes.includes(scope)) continue
    const chosen = Object.entries(
      wanted === undefined ? targets : { ...targets, ...threaded },
    ).filter(([name]) => (wanted?.includes(name) ?? true) && except?.includes(name) !== true)
    const question: Question = {
      targets: Object.fromEntries(chosen),
      children: wanted === undefined,
      debuggers,
      as,
      path,
      byTool: room.labelled !== true,
    }
    talk.child.stdin?.write(`${JSON.stringify(question)}\n`)
    const line = await talk.line()
    if (line === null) throw new Error(`The room ${room.id} has ended at scope ${scope}`)
    const found: Omit<Cell, 'trials'>[] = JSON.parse(line)
    cells.push(...found.map((cell) => ({ ...cell, trials })))
  }
  const disturbed = before.flatMap(([name, pid, was]) => {
    const is = conditionOf(pid)
    return is === was ? [] : [`${name}: ${was} became ${is}`]
  })
  return { room: room.id, scope, cells, disturbed }
}

const openRooms: Open[] = []
for (const room of plan.rooms) openRooms.push(...(await open(room)))
const sittings: Sitting[] = []
for (const scope of plan.scopes) {
  writeFileSync('/proc/sys/kernel/yama/ptrace_scope', String(scope))
  for (const opened of openRooms) {
    if (!opened.room.sittings.some(({ scopes }) => scopes.includes(scope))) continue
    const begin = performance.now()
    sittings.push(await ask(opened, scope))
    console.error(`scope ${scope}, ${opened.room.id} ${Math.round(performance.now() - begin)} ms`)
  }
}
const lsm = readFileSync('/sys/kernel/security/lsm', 'utf8')
const results: JudgesResults = { release: release(), lsm, sittings, closed, missing }
writeFileSync('results.json', JSON.stringify(results))
process.exit()
