import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'

import type { RemedyId, Verdict } from '../../../../lib/model/index.js'
import type { Scope } from '../../../../lib/model/scopes.js'
import { ask, asUser, attach, type Came, outcome, type Talk, talkTo, tracerOf } from './acts.js'

/** What is said of a target before anything is done. */
interface Seen {
  readonly said: Verdict
  /** Remedies that need nothing and would work, though none was offered that needs nothing. */
  readonly missing: readonly RemedyId[]
}

/** What came of one remedy. */
export interface Tried extends Seen {
  readonly did: string
  readonly came: Came
}

interface Row {
  /** Of Yama, when it is tried. */
  readonly scope: Scope
  /** Makes the situation, asks, and does what the remedy says. */
  readonly carry: (id: RemedyId) => Promise<Tried>
}

const targets: Readonly<Record<string, number>> = {
  ...JSON.parse(await talkTo(['./targets']).hear()),
  ...JSON.parse(await talkTo(['./targets', '--threads']).hear()),
}

/** What may be tried with every target, and needs nothing. */
const cheap: readonly (readonly [RemedyId, (pid: number, ids: string) => string])[] = [
  ['become-owner', (pid, ids) => `setpriv ${ids} --clear-groups strace -p ${pid}`],
  ['attach-to-one-thread', (pid) => `strace -p ${pid}`],
  ['join-the-group', (pid) => `sg lane -c 'strace -p ${pid}'`],
]

async function look(asker: readonly string[], pid: number): Promise<Seen> {
  const said = ask(asker, pid)
  const missing: RemedyId[] = []
  if (said.remedies.some(({ needs }) => needs === 'nothing')) return { said, missing }
  const stat = spawnSync('stat', ['-c', '--reuid=%u --regid=%g', `/proc/${pid}`], {
    encoding: 'utf8',
  })
  for (const [id, line] of cheap) {
    const { worked } = await attach(asker, line(pid, stat.stdout.trim()), { pid })
    if (worked) missing.push(id)
  }
  return { said, missing }
}

/** What the verdict prints for that remedy; empty where it has no command. */
function commandOf({ remedies, message }: Verdict, id: RemedyId): string {
  const found = remedies.find((remedy) => remedy.id === id)
  if (found === undefined) throw new Error(`${id} is not offered: ${message}`)
  return found.command ?? ''
}

interface Plain {
  readonly target: string
  readonly asker?: readonly string[]
  /** Who runs the command: the asker, if there is nothing else. */
  readonly by?: readonly string[]
  /** Puts something into the blanks of the command, or is the command where the remedy has none. */
  readonly fill?: (command: string, pid: number) => string
  readonly input?: string
}

const strace = (_: string, pid: number): string => `strace -p ${pid}`

/** A remedy that is one command, to be run as it is printed. */
function plain({ target, asker = asUser, by = asker, fill, input = '' }: Plain): Row['carry'] {
  return async (id) => {
    const pid = targets[target] ?? 0
    const seen = await look(asker, pid)
    const command = commandOf(seen.said, id)
    const did = fill === undefined ? command : fill(command, pid)
    return { ...seen, did, came: await attach(by, did, { pid, input }) }
  }
}

/** Root changes something, and then the asker tries again. */
function change(
  target: string,
  asker: readonly string[],
  act: (command: string) => string,
): Row['carry'] {
  return async (id) => {
    const pid = targets[target] ?? 0
    const seen = await look(asker, pid)
    const did = act(commandOf(seen.said, id))
    const { status, stderr } = spawnSync('sh', ['-c', did], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`${did} ended with ${status}: ${stderr}`)
    return { ...seen, did, came: await attach(asker, `strace -p ${pid}`, { pid }) }
  }
}

const root: readonly string[] = []
const withoutPtrace = ['setpriv', '--bounding-set=-sys_ptrace', '--inh-caps=-sys_ptrace', '--']
const underProfile = [...asUser, 'aa-exec', '-p', 'judges-without-ptrace', '--']
const started = {
  fill: (line: string) => line.replace('PROGRAM ARGUMENTS', 'true'),
  input: 'run\n',
}

/** A target that does what the remedy says, once the tracer is known; before that, what is said of it. */
async function obeyed(id: RemedyId, target: Talk): Promise<Tried> {
  await target.hear()
  const { pid } = target
  const seen = await look(asUser, pid)
  // Its number is known before it attaches: the shell becomes the tracer.
  const tracer = talkTo([...asUser, 'sh', '-c', `echo $$; read go; exec strace -p ${pid}`])
  target.say(await tracer.hear())
  await target.hear()
  tracer.say('go')
  return { ...seen, did: commandOf(seen.said, id), came: await outcome(tracer.child, pid) }
}

/** The same in a container: what the option adds is seen from the start. */
function contained(options: readonly string[], fill: (command: string) => string): Row['carry'] {
  return async (id) => {
    const before = inContainer(options)
    const did = fill(commandOf(before.verdict, id))
    const came = inContainer([...options, ...did.split(' ')])
    return { said: before.verdict, missing: [], did, came }
  }
}

function inContainer(options: readonly string[]): Came & { readonly verdict: Verdict } {
  const { stdout, stderr } = spawnSync(
    'podman',
    [
      ...['--cgroup-manager=cgroupfs', '--storage-driver=vfs'],
      ...['--root=/run/podman/storage', '--runroot=/run/podman/run'],
      ...['run', '--rm', '--network=none', '--log-driver=none', '--cgroups=disabled'],
      ...['--ulimit=nofile=1024:1024', '--ulimit=nproc=1024:1024', ...options],
      ...['lane', 'project', 'node'].map((name) => `--volume=/run/${name}:/run/${name}`),
      ...['--workdir=/run/lane', '--rootfs', '/:O'],
      ...['/run/lane/targets', '/run/node', '/run/lane/inside.js'],
    ],
    { encoding: 'utf8' },
  )
  if (stdout === '') throw new Error(`The container says nothing: ${stderr}`)
  return JSON.parse(stdout)
}

/** A transient unit that refuses ptrace, as a list of allowed calls does that lacks it. */
const unit = (...more: readonly string[]): string[] => [
  ...['systemd-run', '--quiet', '--pipe', '--wait', '--collect', '--uid=1000', '--gid=1000'],
  ...['-p', 'WorkingDirectory=/run/lane', '-p', 'SystemCallErrorNumber=EPERM'],
  ...['-p', 'SystemCallFilter=@system-service', ...more, '--'],
]

/** Every remedy that is carried out, in the order of the table. */
export const situations = {
  'start-under-debugger': { scope: 1, carry: plain({ target: 'plain', ...started }) },
  'exec-in-the-shell': {
    scope: 1,
    carry: async (id) => {
      const shell = talkTo([...asUser, 'sh'])
      shell.say('./targets --alone >/dev/null & echo $!')
      const pid = Number(await shell.hear())
      const seen = await look(asUser, pid)
      const did = commandOf(seen.said, id)
      shell.say(`${did} 2>&1`)
      return { ...seen, did, came: await outcome(shell.child, pid) }
    },
  },
  'start-in-a-namespace': { scope: 2, carry: plain({ target: 'plain', ...started }) },
  'attach-to-one-thread': { scope: 0, carry: plain({ target: 'thread-traced' }) },
  'become-owner': { scope: 0, carry: plain({ target: 'plain', asker: withoutPtrace }) },
  'join-the-group': {
    scope: 0,
    carry: async (id) => {
      const ids = ['--reuid=1000', '--regid=1002', '--clear-groups']
      const { pid } = talkTo(['setpriv', ...ids, './targets', '--alone'])
      const seen = await look(asUser, pid)
      const did = commandOf(seen.said, id)
      return { ...seen, did, came: await attach(asUser, did, { pid }) }
    },
  },
  'run-outside-the-namespace': {
    scope: 0,
    carry: plain({
      target: 'plain',
      asker: ['./confine', 'uid=1000', 'userns', '--'],
      by: asUser,
      fill: strace,
    }),
  },
  'detach-other-tracer': {
    scope: 0,
    carry: async (_id) => {
      const pid = targets['already-traced'] ?? 0
      const seen = await look(asUser, pid)
      process.kill(tracerOf(pid), 'SIGKILL')
      while (tracerOf(pid) !== 0) await turn()
      const came = await attach(asUser, `strace -p ${pid}`, { pid })
      return { ...seen, did: 'the tracer was ended', came }
    },
  },
  'name-the-tracer': {
    scope: 1,
    carry: (id) => obeyed(id, talkTo([...asUser, './obeys', 'named'])),
  },
  'name-any-tracer-python': {
    scope: 1,
    carry: async (id) => {
      const said = ask(asUser, targets['plain'] ?? 0)
      const statement = commandOf(said, id)
      const program = `print('ready', flush=True); input(); ${statement}; print('done', flush=True); input()`
      return {
        ...(await obeyed(id, talkTo([...asUser, 'python3', '-c', program]))),
        did: statement,
      }
    },
  },
  'name-any-tracer-exec': {
    scope: 1,
    carry: async (id) => {
      const seen = await look(asUser, targets['plain'] ?? 0)
      const did = commandOf(seen.said, id).replace('node app.js', 'sleep infinity')
      const [command = '', ...args] = [...asUser, 'sh', '-c', `exec ${did}`]
      const { pid = 0 } = spawn(command, args, { stdio: 'inherit' })
      while (!/^sleep$/m.test(readFileSync(`/proc/${pid}/comm`, 'utf8'))) await turn()
      const came = await attach(asUser, `strace -p ${pid}`, { pid })
      return { ...seen, did, came }
    },
  },
  'become-dumpable': {
    scope: 0,
    carry: (id) => obeyed(id, talkTo([...asUser, './obeys', 'dumpable'])),
  },
  'run-outside-the-sandbox': {
    scope: 0,
    carry: plain({ target: 'plain', asker: [...asUser, './domain'], by: asUser, fill: strace }),
  },
  'run-as-owner': { scope: 0, carry: plain({ target: 'other-user', by: root }) },
  'run-outside-as-root': {
    scope: 0,
    carry: plain({
      target: 'root',
      asker: [...asUser, 'setpriv', '--no-new-privs', '--'],
      by: root,
      fill: strace,
    }),
  },
  'systemd-cap-sys-ptrace': {
    scope: 2,
    // It wants a terminal, which script(1) makes.
    carry: plain({
      target: 'not-dumpable',
      by: root,
      fill: (line) => `script -qec '${line.replace('USER', 'judges')}' /dev/null`,
    }),
  },
  'run-as-root': { scope: 2, carry: plain({ target: 'plain', by: root }) },
  'debug-inside-the-namespace': {
    scope: 0,
    carry: plain({
      target: 'namespace-of-root',
      by: root,
      fill: (_, pid) => `nsenter --user --target ${pid} -- strace -p ${pid}`,
    }),
  },
  'container-cap-sys-ptrace': { scope: 0, carry: contained([], (option) => option) },
  'run-outside-the-filter': {
    scope: 0,
    carry: plain({
      target: 'plain',
      asker: ['./confine', 'uid=1000', 'ptrace=eperm', '--'],
      by: asUser,
      fill: strace,
    }),
  },
  'seccomp-allow-ptrace-container': {
    scope: 0,
    carry: contained(
      ['--cap-add=SYS_PTRACE', '--security-opt=seccomp=/run/lane/no-ptrace.json'],
      (option) => option.replace('PROFILE.json', '/run/lane/docker-26.1.json').replace(' ', '='),
    ),
  },
  'seccomp-allow-ptrace': {
    scope: 0,
    carry: async (id) => {
      const pid = targets['plain'] ?? 0
      const seen = await look(unit(), pid)
      const [did = ''] = commandOf(seen.said, id).split('#')
      const came = await attach(unit('-p', did.trim()), `strace -p ${pid}`, { pid })
      return { ...seen, did, came }
    },
  },
  'apparmor-rule': {
    scope: 0,
    carry: change('plain', underProfile, (rule) => {
      const lines = `  ${rule.replace('PROFILE', 'unconfined')}\n}`
      writeFileSync('profile-with-rule', readFileSync('profile', 'utf8').replace(/^\}/m, lines))
      return 'apparmor_parser --replace --skip-cache profile-with-rule'
    }),
  },
  'scope-0-now': { scope: 2, carry: change('plain', asUser, (command) => command) },
  'scope-0-drop-in': {
    scope: 1,
    // What a boot does with the file.
    carry: change('plain', asUser, (command) => `${command} && /lib/systemd/systemd-sysctl`),
  },
} as const satisfies Partial<Record<RemedyId, Row>>

/** The remedies that are carried out. */
export type CarriedId = keyof typeof situations
