/**
 * Runs inside of the booted machine as root: Fedora's "How To Test", with the real rpm and the real
 * systemd-sysctl, and what an ordinary user meets after each step. Nothing is judged here.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

import type { Ended, FedoraResults, Look, Watched } from '../../fedora/results.js'

const value = '/proc/sys/kernel/yama/ptrace_scope'
const command = ['/run/node', '/run/project/dist/bin.cjs']
const asUser = ['--reuid=1000', '--regid=1000', '--clear-groups', '--']

function run(program: string, ...args: readonly string[]): Ended {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' })
  return { status, printed: error ? String(error) : stdout + stderr }
}

function userRuns(...line: readonly string[]): Ended {
  return run('setpriv', ...asUser, ...line)
}

/** What the command prints as JSON; its exit status is the answer's and does not matter here. */
function userAsks(...args: readonly string[]) {
  const { stdout } = spawnSync('setpriv', [...asUser, ...command, ...args, '--json'], {
    encoding: 'utf8',
  })
  return JSON.parse(stdout)
}

/** A process of the same user that is no relative of any debugger. */
function sleeper(): string {
  return String(spawn('setpriv', [...asUser, 'sleep', '1000'], { stdio: 'ignore' }).pid)
}

/** The command with --watch, which lives through several steps. */
function watcher(...args: readonly string[]) {
  const child = spawn('setpriv', [...asUser, ...command, ...args, '--watch'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const printed: string[] = []
  return {
    /** Waits for a line like this one. */
    async prints(pattern: RegExp): Promise<void> {
      do {
        const { value, done } = await lines.next()
        if (done === true) throw new Error(`${args.join(' ')} --watch has ended`)
        printed.push(value)
      } while (!pattern.test(printed.at(-1) ?? ''))
    },
    async end(): Promise<Watched> {
      const exited = once(child, 'exit')
      child.kill('SIGINT')
      for await (const line of lines) printed.push(line)
      const [status] = await exited
      return { printed, status }
    },
  }
}

const pid = sleeper()
// Nothing else touches this one: a debugger on it would be a change, too.
const calm = sleeper()

function look(step: string, ended: Ended): Look {
  return {
    step,
    ended,
    value: readFileSync(value, 'utf8').trim(),
    stranger: userRuns('eu-stack', '-p', pid),
    shell: userRuns('sh', '-c', 'eu-stack -v -p $$; exit $?'),
    report: userAsks(),
    check: userAsks('check', pid, '--tracer', 'child')[0],
    settings: userAsks('settings'),
  }
}

/** Debian's rpm wants to be told that its database is meant, and has it in the home directory. */
function rpm(...args: readonly string[]): Ended {
  return run('rpm', '--force-debian', '--nodeps', '--dbpath', '/var/lib/rpm', ...args)
}

const done: Ended = { status: 0, printed: '' }
// What sd_booted(3) looks for: this machine stands for one that systemd boots.
mkdirSync('/run/systemd/system', { recursive: true })
// What Fedora's kernel starts with.
writeFileSync(value, '1')
const looks = [look('a fresh machine', rpm('-i', 'sysctl-trigger.rpm'))]
const watchers = {
  report: watcher('--json'),
  check: watcher('check', calm, '--tracer', 'child', '--quiet'),
}
const bothPrint = (pattern: RegExp) =>
  Promise.all([watchers.report.prints(/./), watchers.check.prints(pattern)])
await bothPrint(/sleep/)
looks.push(look('the package is installed', rpm('-i', 'yama-ptrace-enable.rpm')))
await bothPrint(/ -> /)
looks.push(look('the package is removed', rpm('-e', 'yama-ptrace-enable')))
writeFileSync('/etc/sysctl.d/50-yama.conf', 'kernel.yama.ptrace_scope = 1\n')
looks.push(look('a file wants 1, and it was not applied', done))
looks.push(look('it is applied', run('/usr/lib/systemd/systemd-sysctl')))
await bothPrint(/ -> /)
const watched = { report: await watchers.report.end(), check: await watchers.check.end() }
const results: FedoraResults = { looks, watched }
writeFileSync('results.json', JSON.stringify(results))
process.exit()
