// The second half of npm run bench: asking about processes, against C and against strace.
//
//   granted    canAttachSync() against bench/preflight.c, which makes the same system calls
//   refused    canAttachSync() with its explanation and remedies
//   command    the CPU time of `check PID` beyond an empty script, beside `strace -p PID`
//   survey     how the time grows with the number of processes

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setImmediate as turn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { canAttachSync, survey } from '../dist/index.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const work = mkdtempSync(join(tmpdir(), 'ptrace-probe-bench-'))
const mean = (samples) => samples.reduce((sum, each) => sum + each) / samples.length
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
async function cpu(...command) {
  const script = 'TIMEFORMAT="%3U %3S"; time "$@" >/dev/null 2>&1'
  const timed = spawn('bash', ['-c', script, 'bash', ...command], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [user, system] = (await text(timed.stderr)).trim().split(' ').map(Number)
  return (user + system) * 1000
}

/** Ends whoever traces a process, as soon as somebody does. */
async function interruptTracerOf(pid) {
  for (;;) {
    const [, tracer] = /^TracerPid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    if (tracer !== '0') return process.kill(Number(tracer), 'SIGINT')
    await turn()
  }
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

  const script = join(work, 'empty.cjs')
  writeFileSync(script, '')
  const samples = { empty: [], check: [], strace: [] }
  const pid = String(target.pid)
  // Many, for each is known to a millisecond only.
  for (let i = 0; i < 3 * rounds; i++) {
    samples.empty.push(await cpu(process.execPath, script))
    samples.check.push(await cpu(process.execPath, 'dist/bin.cjs', 'check', pid))
    const traced = cpu('strace', '-p', pid)
    await interruptTracerOf(pid)
    samples.strace.push(await traced)
  }
  const [empty, check, traced] = [samples.empty, samples.check, samples.strace].map(mean)
  console.log(
    `command    check ${(check - empty).toFixed(1)} ms of CPU beyond an empty script, strace ${traced.toFixed(1)} ms`,
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
