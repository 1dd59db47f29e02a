/**
 * Runs inside of the booted machine as root: sets every scope, and at each has the project and the
 * judge measure in every context. What they said goes to the host as it is; nothing is judged here.
 */
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { release } from 'node:os'
import { join } from 'node:path'

import type { Context } from '../contexts.js'
import type {
  Answer,
  Changed,
  Command,
  CommandRun,
  Crash,
  Measured,
  Plan,
  Results,
  SetScope,
} from '../results.js'
import { measureChanging } from './changing.js'
import { leftovers, processes } from './processes.js'
import { type Conversation, converse, execute } from './programs.js'

const project = '/run/project'
const yama = '/proc/sys/kernel/yama/ptrace_scope'
const { main, bin }: { main: string; bin: Record<string, string> } = JSON.parse(
  readFileSync(`${project}/package.json`, 'utf8'),
)
const plan: Plan = JSON.parse(readFileSync('plan.json', 'utf8'))
/** Debian's own switch, and everybody's. */
const namespaceSwitches = [
  { path: '/proc/sys/kernel/unprivileged_userns_clone', off: '0' },
  { path: '/proc/sys/user/max_user_namespaces', off: '0' },
].filter(({ path }) => existsSync(path))

/** By the arguments of `confine`: contexts that differ in the machine's settings only share one. */
const agents = new Map<string, Conversation>()
for (const { confine } of plan.contexts) {
  if (agents.has(confine.join(' '))) continue
  const command = ['/run/node', 'agent.js', join(project, main)]
  agents.set(confine.join(' '), converse('./confine', [...confine, '--', ...command]))
}

function setScope(scope: SetScope): void {
  if (scope !== null) writeFileSync(yama, String(scope))
}

async function withNamespaces<T>(allowed: boolean, act: () => Promise<T>): Promise<T> {
  if (allowed) return act()
  const before = namespaceSwitches.map(({ path }) => readFileSync(path, 'utf8'))
  for (const { path, off } of namespaceSwitches) writeFileSync(path, off)
  try {
    return await act()
  } finally {
    namespaceSwitches.forEach(({ path }, i) => {
      writeFileSync(path, before[i] ?? '')
    })
  }
}

async function judge(context: Context, ids: readonly string[]): Promise<Record<string, Answer>> {
  const { status, stdout, stderr } = await execute(
    './confine',
    [...context.confine, '--', './cells'],
    ids.join('\n'),
  )
  if (status !== 0) throw new Error(`The judge ended with ${status} ${context.title}: ${stderr}`)
  const none = (word: string | undefined) => (word === '--' ? null : (word ?? null))
  return Object.fromEntries(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' '))
      .map(([id = '', status = '', errno, signal]) => [
        id,
        { status, errno: none(errno), signal: none(signal) },
      ]),
  )
}

async function measure(scope: SetScope, context: Context): Promise<Measured> {
  const agent = agents.get(context.confine.join(' '))
  if (agent === undefined) throw new Error(`No agent ${context.title}`)
  const before = processes()
  const { report, probeMs }: Pick<Measured, 'report' | 'probeMs'> = JSON.parse(await agent.ask())
  const left = leftovers(before, agent.pid)
  const ids = report.observations.map(({ id }) => id)
  return {
    scope,
    context: context.id,
    report,
    probeMs,
    leftovers: left,
    judge: await judge(context, ids),
  }
}

async function runCommand(scope: SetScope, { as, args }: Command): Promise<CommandRun> {
  const before = processes()
  const confine = as === 'user' ? ['uid=1000'] : []
  const command = ['/run/node', join(project, bin['ptrace-probe'] ?? ''), ...args]
  const ended = await execute('./confine', [...confine, '--', ...command], '')
  return { as, args, scope, ...ended, leftovers: leftovers(before) }
}

/**
 * A shell ends itself in a directory of its own, where the kernel may leave its core. By SIGSEGV: the
 * shell of busybox ignores SIGQUIT.
 */
async function crash(scope: SetScope, as: Crash['as']): Promise<Crash> {
  const directory = mkdtempSync('/tmp/core-')
  chmodSync(directory, 0o777)
  const confine = as === 'user' ? ['uid=1000'] : []
  const script = 'cd "$0" && ulimit -c unlimited && kill -SEGV $$'
  await execute('./confine', [...confine, '--', '/run/busybox', 'sh', '-c', script, directory], '')
  const left = readdirSync(directory).map((name) =>
    readFileSync(join(directory, name)).subarray(0, 4).toString('latin1'),
  )
  return { as, scope, left }
}

/** As root and as an ordinary user, whom no filter confines. */
async function changing(): Promise<Changed[]> {
  const changed: Changed[] = []
  for (const pair of plan.changing) {
    for (const { id, confine } of plan.contexts.filter(({ id }) => ['root', 'user'].includes(id))) {
      const agent = agents.get(confine.join(' '))
      if (agent === undefined) throw new Error(`No agent for ${id}`)
      changed.push(await measureChanging(yama, pair, id, agent))
    }
  }
  return changed
}

const measured: Measured[] = []
const commands: CommandRun[] = []
const crashes: Crash[] = []
writeFileSync('/proc/sys/kernel/core_pattern', 'core')
for (const agent of agents.values()) await agent.ready
let changed: Changed[] = []
for (const scope of plan.scopes) {
  if (scope === 3) changed = await changing()
  setScope(scope)
  for (const context of plan.contexts) {
    measured.push(await withNamespaces(context.namespaces, () => measure(scope, context)))
  }
  for (const as of ['root', 'user'] as const) crashes.push(await crash(scope, as))
  for (const command of plan.commandsAtEach) commands.push(await runCommand(scope, command))
  if (scope !== 1 && scope !== null) continue
  for (const command of plan.commands) commands.push(await runCommand(scope, command))
}
const results: Results = { release: release(), measured, changed, commands, crashes }
writeFileSync('results.json', JSON.stringify(results))
for (const agent of agents.values()) agent.end()
