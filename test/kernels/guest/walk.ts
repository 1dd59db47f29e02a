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
  Confronted,
  Crash,
  Logged,
  Measured,
  Plan,
  Results,
  SetScope,
} from '../results.js'
import { measureChanging } from './changing.js'
import { confrontTargets } from './debuggers.js'
import { refusalsLogged } from './kernel-log.js'
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

/** Says how long it took, for one who reads the end of a machine that took too long. */
async function timed<T>(what: string, act: () => Promise<T>): Promise<T> {
  const begin = performance.now()
  const result = await act()
  console.error(`${what}: ${Math.round(performance.now() - begin)} ms`)
  return result
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

/** What the report of root says about the kernel's log, and what is in it. */
async function logged(scope: SetScope): Promise<Logged[]> {
  const agent = agents.get('')
  if (agent === undefined) throw new Error('No agent for root')
  const refuseOnce = async () => {
    await execute('./confine', ['uid=1000', '--', './cells'], 'caller/sibling/attach')
  }
  const whole = await refusalsLogged(async (): Promise<Pick<Measured, 'report'>> => {
    return JSON.parse(await agent.ask())
  }, refuseOnce)
  const args = ['--quiet-kernel', '--json']
  const quiet = await refusalsLogged(() => runCommand(scope, { as: 'root', args }), refuseOnce)
  const { kernelLog }: Measured['report'] = JSON.parse(quiet.result.stdout)
  return [
    { scope, said: whole.result.report.kernelLog, logged: whole.logged },
    { scope, said: kernelLog, logged: quiet.logged },
  ]
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
const log: Logged[] = []
const confronted: Confronted[] = []
writeFileSync('/proc/sys/kernel/core_pattern', 'core')
for (const agent of agents.values()) await agent.ready
let changed: Changed[] = []
for (const scope of plan.scopes) {
  if (scope === 3) changed = await changing()
  setScope(scope)
  for (const context of plan.contexts) {
    const act = () => withNamespaces(context.namespaces, () => measure(scope, context))
    measured.push(await timed(`scope ${scope}, ${context.id}`, act))
  }
  for (const as of ['root', 'user'] as const) crashes.push(await crash(scope, as))
  if (plan.log && scope !== 0) {
    log.push(...(await timed(`scope ${scope}, the kernel's log`, () => logged(scope))))
  }
  if (plan.debuggers) {
    const found = await timed(`scope ${scope}, debuggers`, () => confrontTargets(scope, runCommand))
    confronted.push(...found)
  }
  for (const command of plan.commandsAtEach) commands.push(await runCommand(scope, command))
  if (scope !== 1 && scope !== null) continue
  for (const command of plan.commands) commands.push(await runCommand(scope, command))
}
const results: Results = {
  release: release(),
  measured,
  changed,
  commands,
  crashes,
  log,
  confronted,
}
writeFileSync('results.json', JSON.stringify(results))
process.exit() // its agents end with it
