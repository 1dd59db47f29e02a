/**
 * Runs inside of the booted machine as root: the scripts of the pages, each at its scope and as its
 * user, and each with a shell and a directory of its own. Nothing is judged here.
 */
import { execFileSync, spawn } from 'node:child_process'
import { chownSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'

import type { Reproduction } from '../../../helpers/pages.js'

const limitMs = 60_000
const plan: Reproduction[] = JSON.parse(readFileSync('plan.json', 'utf8'))
const ids = { root: 0, user: 1000 } as const

/** What the script printed on both of its outputs. */
function follow({ as, script }: Reproduction): Promise<string> {
  const id = ids[as]
  const home = mkdtempSync('/tmp/page-')
  chownSync(home, id, id)
  return new Promise((done, fail) => {
    const credentials = [`--reuid=${id}`, `--regid=${id}`, '--clear-groups', '--']
    const shell = ['sh', '-c', `exec 2>&1\n${script}`]
    const child = spawn('setpriv', [...credentials, ...shell], {
      cwd: home,
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        HOME: home,
        LC_ALL: 'C.UTF-8',
        TERM: 'dumb',
        CONTAINERS_CONF: '/run/containers.conf',
        CONTAINERS_STORAGE_CONF: '/run/storage.conf',
      },
    })
    let printed = ''
    child.stdout.on('data', (chunk: Buffer) => {
      printed += String(chunk)
    })
    // What it has started in the background holds its output open.
    const end = () => {
      try {
        process.kill(-(child.pid ?? 0), 'SIGKILL')
      } catch {} // nothing is left
    }
    const timer = setTimeout(end, limitMs)
    child.on('error', fail)
    child.on('exit', end)
    child.on('close', () => {
      clearTimeout(timer)
      done(printed)
    })
  })
}

execFileSync('sh', ['setup'], { stdio: ['ignore', 'inherit', 'inherit'] })
const results: Record<string, string> = {}
for (const each of plan.toSorted((a, b) => a.scope - b.scope)) {
  writeFileSync('/proc/sys/kernel/yama/ptrace_scope', String(each.scope))
  const begin = performance.now()
  results[each.id] = await follow(each)
  console.error(`${each.id} ${Math.round(performance.now() - begin)} ms`)
}
writeFileSync('results.json', JSON.stringify(results))
process.exit()
