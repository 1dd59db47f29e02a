// The second half of npm run bench: asking about processes, against C and against strace.
//
//   granted    canAttachSync() against bench/preflight.c, which makes the same system calls
//   refused    canAttachSync() with its explanation and remedies
//   command    the CPU time of `check PID` beyond an empty script, beside `strace -p PID`
//   survey     how the time grows with the number of processes

import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { canAttachSync, survey } from '../dist/index.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const work = mkdtempSync(join(tmpdir(), 'ptrace-probe-bench-'))
const median = (samples) => samples.toSorted((a, b) => a - b)[samples.length >> 1]
const rounds = 9
const calls = 2000

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

/** User and system time of a command and of what it waits for, in milliseconds. */
function cpu(command, args) {
  const { stderr } = spawnSync(
    'bash',
    ['-c', 'TIMEFORMAT="%3U %3S"; time "$@" >/dev/null 2>&1', 'bash', command, ...args],
    { encoding: 'utf8', cwd: root },
  )
  const [user, system] = stderr.trim().split(' ').map(Number)
  return (user + system) * 1000
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
      const text = execFileSync(preflight, [String(target.pid), String(calls)], {
        encoding: 'utf8',
      })
      granted.c.push(Number(text))
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

  const samples = { empty: [], check: [], strace: [] }
  const strace = ['-s', 'INT', '0.3', 'strace', '-qq', '-o', '/dev/null', '-p', String(target.pid)]
  for (let i = 0; i < rounds; i++) {
    samples.empty.push(cpu(process.execPath, ['-e', '']))
    samples.check.push(cpu(process.execPath, ['dist/bin.cjs', 'check', String(target.pid)]))
    samples.strace.push(cpu('timeout', strace))
  }
  const [empty, check, traced] = [samples.empty, samples.check, samples.strace].map(median)
  console.log(
    `command    check ${(check - empty).toFixed(0)} ms of CPU beyond an empty script, strace ${traced.toFixed(0)} ms`,
  )

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
