/**
 * Runs inside of the booted machine as root: makes it a host that is reached over SSH, and looks at
 * what is on it before the first visit and after the last one. Nothing is judged here.
 */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

import { doorway, type Found, factFile, type Plan, type Results } from '../../fleet/results.js'
import { processes } from '../processes.js'

const { name, user }: Plan = JSON.parse(readFileSync('plan.json', 'utf8'))
const uid = 1000
const home = `/home/${user}`
/** What of the root is not as the host has it. */
const changed = '/run/lane/changed'
/** That, and the file systems that are the guest's own. */
const places = [changed, '/tmp', '/run']
/** Of the lane itself. */
const own = /^\/run\/(?:lane|project|node|busybox|doorway)$/

function busybox(...args: readonly string[]): void {
  execFileSync('/run/busybox', args, { stdio: ['ignore', 'ignore', 'inherit'] })
}

function read(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}

/** What each file is. The time of a directory tells only that something came and went there. */
function files(): Record<string, string> {
  const found: Record<string, string> = {}
  const walk = (path: string) => {
    if (own.test(path)) return
    const entry = lstatSync(path)
    const owned = `${entry.mode.toString(8)} ${entry.uid}:${entry.gid}`
    const is = entry.isDirectory() ? owned : `${owned} ${entry.size} ${entry.mtimeMs}`
    found[path.replace(changed, '')] = is
    if (entry.isDirectory()) for (const each of readdirSync(path)) walk(join(path, each))
  }
  for (const place of places) walk(place)
  return found
}

/** Without the visits themselves: the SSH server, and what it has just started. */
function inhabitants(): string[] {
  const all = processes()
  const servers = new Set(all.filter(({ name }) => name === 'dropbear').map(({ pid }) => pid))
  return all
    .filter(({ pid, parent }) => !servers.has(pid) && !servers.has(parent))
    .map(({ pid, name, state }) => `${pid} ${name} ${state}`)
}

const look = (): Found => ({
  files: files(),
  processes: inhabitants(),
  scope: read('/proc/sys/kernel/yama/ptrace_scope')?.trim() ?? null,
  fact: read(factFile),
})

/** An ordinary user who may become root, as playbooks expect it. */
function makeUser(): void {
  writeFileSync('/etc/passwd', `${user}:*:${uid}:${uid}::${home}:/bin/sh\n${read('/etc/passwd')}`)
  writeFileSync('/etc/sudoers.d/visitor', `${user} ALL=(ALL) NOPASSWD: ALL\n`, { mode: 0o440 })
  for (const directory of [home, `${home}/.ssh`]) {
    mkdirSync(directory, { mode: 0o700 })
    chownSync(directory, uid, uid)
  }
  copyFileSync('visitor.pub', `${home}/.ssh/authorized_keys`)
  chownSync(`${home}/.ssh/authorized_keys`, uid, uid)
}

busybox('hostname', name)
for (const link of ['lo', 'eth0']) busybox('ip', 'link', 'set', link, 'up')
busybox('ip', 'address', 'add', '10.0.2.15/24', 'dev', 'eth0')
makeUser()
// The program of two files takes the Node that it finds, and sudo looks here first.
rmSync('/usr/local/sbin/node', { force: true })
symlinkSync('/run/node', '/usr/local/sbin/node')
busybox('mkfifo', doorway)
chmodSync(doorway, 0o622)
// Something will come and go there, after which it counts as changed.
busybox('touch', '/opt')
copyFileSync('hostkey', '/run/hostkey')
// It returns when it listens.
execFileSync('dropbear', ['-s', '-r', '/run/hostkey', '-P', '/run/dropbear.pid'])
const before = look()
writeFileSync('ready', '')
// The last visitor opens it, too.
readFileSync(doorway)
const results: Results = { before, after: look() }
writeFileSync('results.json', JSON.stringify(results))
process.exit()
