/**
 * Runs inside of a machine booted with SELinux, as root in the kernel's own domain: loads the policy,
 * and asks and tries under each value of the boolean deny_ptrace. Nothing is judged here.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

import type { Verdict } from '../../../../lib/model/index.js'
import type { UnderBoolean } from '../../selinux/results.js'
import { ask, asUser, attach, talkTo } from '../remedies/acts.js'

const selinux = '/sys/fs/selinux'
const boolean = `${selinux}/booleans/deny_ptrace`
const policy = readFileSync('policy')

/** What a command of ours prints; its status is not looked at. */
function say(...args: string[]): unknown {
  const { stdout } = spawnSync('/run/node', ['/run/project/dist/bin.cjs', ...args, '--json'], {
    encoding: 'utf8',
  })
  return JSON.parse(stdout)
}

function runs(command: string): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8' })
  return { status, stderr }
}

// Before there is a policy: afterwards the kernel's domain may be refused, too.
const targets = talkTo(['./targets'])
const { plain = 0 }: Record<string, number> = JSON.parse(await targets.hear())
runs(`mountpoint -q ${selinux} || mount -t selinuxfs selinuxfs ${selinux}`)
writeFileSync(`${selinux}/load`, policy)
writeFileSync(`${selinux}/enforce`, '1')
// SELinux alone is to refuse.
writeFileSync('/proc/sys/kernel/yama/ptrace_scope', '0')

const debuggers = { strace: 'strace -p', gdb: 'gdb -nx -batch -p', 'eu-stack': 'eu-stack -p' }

async function look(did: string, status: number | null, stderr: string): Promise<UnderBoolean> {
  const shown = readFileSync(boolean, 'utf8')
  const verdicts: Record<string, Verdict> = { root: ask([], plain), user: ask(asUser, plain) }
  const attached: Record<string, boolean> = {}
  for (const [who, as] of [
    ['root', []],
    ['user', asUser],
  ] as const) {
    for (const [name, line] of Object.entries(debuggers)) {
      const came = await attach(as, `${line} ${plain}`, { pid: plain })
      attached[`${name} as ${who}`] = came.worked
    }
  }
  return {
    did,
    status,
    stderr,
    shown,
    verdicts,
    attached,
    report: say('report') as UnderBoolean['report'],
    settings: say('settings') as UnderBoolean['settings'],
  }
}

const found = [await look('the policy was loaded', 0, '')]
for (const command of [
  'setsebool deny_ptrace on',
  // Not with -P: that writes to the policy store of a distribution, and there is none here.
  'setsebool deny_ptrace off',
  `echo 1 >${boolean} && echo 1 >${selinux}/commit_pending_bools`,
]) {
  const { status, stderr } = runs(command)
  found.push(await look(command, status, stderr))
}
const kept = runs('setsebool -P deny_ptrace off')
writeFileSync('results.json', JSON.stringify({ found, kept }))
process.exit()
