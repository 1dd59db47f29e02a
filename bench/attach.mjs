// The second half of npm run bench: asking about processes, against C and an empty script.
//
//   granted    canAttachSync() against bench/preflight.c, which makes the same system calls
//   refused    canAttachSync() with its explanation and remedies
//   command    the CPU time of `check PID` beyond an empty script, granted and refused
//   survey     how the time grows with the number of processes

import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { canAttachSync, survey } from '../dist/index.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const work = mkdtempSync(join(tmpdir(), 'ptrace-probe-bench-'))
const median = (samples) => samples.toSorted((a, b) => a - b)[samples.length >> 1]
const rounds = 9
const calls = 2000
const commandRounds = 41

function microseconds(ask) {
  const start = process.hrtime.bigint()
  for (let i = 0; i < calls; i++) ask()
  return Number(process.hrtime.bigint() - start) / 1000 / calls
}

async function sleeper() {
  const child = spawn('sleep', ['1000'], { stdio: 'ignore' })
  await once(child, 'spawn')
  return child
}

/** The command that runs Node as an ordinary user, to whom root's processes are refused. */
const ordinary = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', process.execPath]

/**
 * What `check` costs beyond an empty script, where it is granted and where it is refused: medians of
 * the CPU time of each whole run, in milliseconds. The runs take turns, so that what else the machine
 * does falls on all of them alike. Refusals are those of another owner, as only root can arrange.
 */
function commandCosts(pid, directory) {
  const rusage = join(directory, 'rusage')
  execFileSync('cc', ['-O2', '-o', rusage, join(root, 'bench/rusage.c')])
  const script = join(directory, 'empty.cjs')
  writeFileSync(script, '')
  chmodSync(directory, 0o755)
  const check = [join(root, 'dist/bin.cjs'), 'check', String(pid)]
  const cpu = (expected, ...command) => {
    const { status, stdout } = spawnSync(rusage, command, { encoding: 'utf8' })
    if (status === expected) return Number(stdout)
    throw new Error(`${command.join(' ')} ended with ${status}, not ${expected}`)
  }
  const run = (answer, status, ...node) => ({ answer, status, node, empty: [], check: [] })
  const runs = [run('granted', 0, process.execPath)]
  if (process.getuid() === 0) runs.push(run('refused', 1, ...ordinary))
  for (let i = 0; i < commandRounds; i++) {
    for (const { status, node, ...samples } of runs) {
      samples.empty.push(cpu(0, ...node, script))
      samples.check.push(cpu(status, ...node, ...check))
    }
  }
  return runs.map((run) => ({
    answer: run.answer,
    empty: median(run.empty),
    more: median(run.check) - median(run.empty),
  }))
}

const target = await sleeper()
try {
  const preflight = join(work, 'preflight')
  execFileSync('cc', ['-O2', '-o', preflight, join(root, 'bench/preflight.c')])
  const granted = { js: [], c: [] }
  const first = canAttachSync(target.pid)
  if (first.verdict === 'allowed') {
    for (let i = 0; i < rounds; i++) {
      granted.js.push(microseconds(() => canAttachSync(target.pid)))
      granted.c.push(Number(execFileSync(preflight, [String(target.pid), String(calls)])))
    }
    const [js, c] = [median(granted.js), median(granted.c)]
    console.log(
      `granted    ${js.toFixed(1)} us, C ${c.toFixed(1)} us, ratio ${(js / c).toFixed(2)}`,
    )
  } else {
    console.log(`granted    not measured: ${first.message}`)
  }

  const refused = canAttachSync(1)
  if (refused.verdict === 'denied') {
    const us = median(Array.from({ length: rounds }, () => microseconds(() => canAttachSync(1))))
    console.log(`refused    ${us.toFixed(1)} us (${refused.cause})`)
  } else {
    console.log('refused    not measured: process 1 may be attached to')
  }

  for (const { answer, empty, more } of commandCosts(target.pid, work)) {
    console.log(
      `command    check, ${answer}: ${more.toFixed(1)} ms of CPU beyond the ${empty.toFixed(1)} of an empty script`,
    )
  }

  const crowd = join(work, 'crowd')
  execFileSync('cc', ['-O2', '-o', crowd, join(root, 'bench/crowd.c')])
  for (const size of [0, 1000, 10_000]) {
    const sleepers = spawn(crowd, [String(size)], { stdio: ['pipe', 'pipe', 'inherit'] })
    await once(sleepers.stdout, 'data')
    const times = []
    let seen = 0
    for (let i = 0; i < 3; i++) {
      const start = performance.now()
      seen = 0
      for await (const _ of survey()) seen++
      times.push(performance.now() - start)
    }
    sleepers.stdin.end()
    await once(sleepers, 'exit')
    const time = median(times)
    const memory = process.memoryUsage.rss() / 2 ** 20
    console.log(
      `survey     ${seen} processes in ${time.toFixed(0)} ms, ${((time / seen) * 1000).toFixed(0)} us each, ${memory.toFixed(0)} MB`,
    )
  }
} finally {
  target.kill('SIGKILL')
  rmSync(work, { recursive: true, force: true })
}
