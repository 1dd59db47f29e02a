/**
 * Runs inside of the booted machine as root: gdb and lldb ask about targets and then
 * attach to them, as root and as an ordinary user. Nothing is judged here.
 */
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

import type { Scope } from '../../../../lib/model/scopes.js'
import {
  type PreflightDebugger,
  preflightDebuggers,
  sessionOf,
} from '../../../helpers/preflights.js'
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
  { id: 'gdb-typed', as: 'user', names: ['plain', 'naming-any', 'other-user'] },
  { id: 'lldb', as: 'user', names: ['plain', 'other-user'] },
] as const

function session(found: PreflightDebugger, wrapper: readonly string[]): Promise<string> {
  const [shell = '', ...line] = sessionOf(found, wrapper, '/tmp/script')
  const child = spawn(shell, line, {
    cwd: '/tmp',
    timeout: limitMs,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...{
        PATH: process.env['PATH'],
        HOME: '/tmp',
        LC_ALL: 'C',
        TERM: 'dumb',
        ...found.environment,
      },
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

// For script(1), which types.
spawnSync('sh', ['-c', 'mkdir -p /dev/pts && mount -t devpts -o ptmxmode=666 devpts /dev/pts'])
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
  writeFileSync(
    '/tmp/script',
    found.script(`/run/lane/contrib/${found.file}`, Object.values(targets)),
  )
  const begin = performance.now()
  const printed = await session(found, users[as])
  const milliseconds = Math.round(performance.now() - begin)
  sessions.push({ id, as, targets, printed, milliseconds })
}
writeFileSync('results.json', JSON.stringify(sessions))
process.exit()
