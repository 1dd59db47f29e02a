/**
 * Runs inside of the booted machine as root: gdb and lldb ask about targets and then
 * attach to them, as root and as an ordinary user. Nothing is judged here.
 */
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

import type { Scope } from '../../../../lib/model/scopes.js'
import { type PreflightDebugger, preflightDebuggers } from '../../../helpers/preflights.js'
import type { Session } from '../../preflights/lane.js'

const limitMs = 600_000
const users = {
  root: [],
  user: ['setpriv', '--reuid=1000', '--regid=1000', '--clear-groups', '--'],
} as const

/** Who asks about what: on an emulated machine lldb takes more than a minute for one process. */
const sittings = [
  { id: 'gdb', as: 'user', names: ['plain', 'naming-any', 'other-user', 'zombie'] },
  { id: 'gdb', as: 'root', names: ['plain', 'zombie'] },
  { id: 'lldb', as: 'user', names: ['plain', 'other-user'] },
] as const

function session(
  { command, args, environment }: PreflightDebugger,
  wrapper: readonly string[],
): Promise<string> {
  const line = [...wrapper, command, ...args('/tmp/script')]
  const child = spawn('sh', ['-c', 'exec "$@" 2>&1', 'sh', ...line], {
    cwd: '/tmp',
    timeout: limitMs,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...{ PATH: process.env['PATH'], HOME: '/tmp', LC_ALL: 'C', TERM: 'dumb', ...environment },
      PTRACE_PROBE_COMMAND: '/run/node /run/project/dist/bin.cjs',
    },
  })
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => {
    printed += String(chunk)
  })
  return new Promise((done, fail) => {
    child.on('error', fail)
    child.on('close', () => done(printed))
  })
}

const made = spawn('./targets', { stdio: ['ignore', 'pipe', 'inherit'] })
const { value } = await createInterface({ input: made.stdout })[Symbol.asyncIterator]().next()
const all: Readonly<Record<string, number>> = JSON.parse(String(value))
const scope: Scope = JSON.parse(readFileSync('plan.json', 'utf8'))
writeFileSync('/proc/sys/kernel/yama/ptrace_scope', String(scope))

const sessions: Session[] = []
for (const { id, as, names } of sittings) {
  const found = preflightDebuggers.find((each) => each.id === id)
  if (found === undefined) throw new Error(`There is no debugger ${id}`)
  const targets = Object.fromEntries(names.map((name) => [name, all[name] ?? 0]))
  writeFileSync('/tmp/script', found.script('/run/lane/ptrace_probe.py', Object.values(targets)))
  const begin = performance.now()
  const printed = await session(found, users[as])
  sessions.push({ id, as, targets, printed })
  console.error(`scope ${scope} ${as} ${id} ${Math.round(performance.now() - begin)} ms`)
}
writeFileSync('results.json', JSON.stringify(sessions))
process.exit()
