// The second half of npm run bench: asking about processes, against C and an empty script.
//
//   granted    canAttachSync() against bench/preflight.c, which makes the same system calls
//   refused    canAttachSync() with its explanation and remedies
//   command    the CPU time of `check PID` beyond an empty script, granted and refused
//   debuggers  how long `check PID` and canAttachSync() take to answer, and debuggers to attach
//   survey     how the time grows with the number of processes, against bench/statuses.c

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
const debuggerRounds = 21

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

const isInstalled = (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0

/** How long a command takes, in milliseconds: to its end, or until it prints that it has attached. */
async function duration([file, ...args], attached) {
  const start = performance.now()
  const child = spawn(file, args, { stdio: ['ignore', 'ignore', attached ? 'pipe' : 'ignore'] })
  const closed = once(child, 'close')
  let end = null
  if (attached) {
    let text = ''
    for await (const part of child.stderr.setEncoding('utf8')) {
      text += part
      if (end !== null || !attached.test(text)) continue
      end = performance.now()
      child.kill('SIGINT')
    }
  }
  await closed
  return (end ?? performance.now()) - start
}

/** `check` and what it saves a user from starting in vain, in turns: medians of their durations. */
async function printDebuggers(pid) {
  const check = [process.execPath, join(root, 'dist/bin.cjs'), 'check', String(pid)]
  const rows = [
    { name: 'check', command: check },
    { name: 'strace', command: ['strace', '-p', String(pid)], attached: /attached/ },
    { name: 'eu-stack', command: ['eu-stack', '-p', String(pid)] },
    { name: 'gdb', command: ['gdb', '-nx', '-batch', '-p', String(pid)] },
  ]
    .filter(({ command }) => isInstalled(command[0]))
    .map((row) => ({ ...row, samples: [] }))
  const library = []
  for (let i = 0; i < debuggerRounds; i++) {
    for (const { command, attached, samples } of rows) {
      samples.push(await duration(command, attached))
    }
    const start = performance.now()
    canAttachSync(pid)
    library.push(performance.now() - start)
  }
  const [{ samples }, ...others] = rows
  const [own, asked] = [median(samples), median(library)]
  console.log(`debuggers  check ${own.toFixed(1)} ms, canAttachSync() ${asked.toFixed(2)} ms`)
  for (const { name, samples } of others) {
    const time = median(samples)
    console.log(
      `debuggers  ${name} ${time.toFixed(1)} ms: check takes ${(own / time).toFixed(2)} times as long, canAttachSync() ${(asked / time).toFixed(3)}`,
    )
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

  for (const { answer, empty, more } of commandCosts(target.pid, work)) {
    console.log(
      `command    check, ${answer}: ${more.toFixed(1)} ms of CPU beyond the ${empty.toFixed(1)} of an empty script`,
    )
  }

  await printDebuggers(target.pid)

  const [crowd, statuses] = ['crowd', 'statuses'].map((name) => {
    const program = join(work, name)
    execFileSync('cc', ['-O2', '-o', program, join(root, `bench/${name}.c`)])
    return program
  })
  for (const size of [0, 1000, 10_000]) {
    const sleepers = spawn(crowd, [String(size)], { stdio: ['pipe', 'pipe', 'inherit'] })
    await once(sleepers.stdout, 'data')
    const [times, bare] = [[], []]
    let seen = 0
    for (let i = 0; i < 3; i++) {
      const [, us] = execFileSync(statuses, { encoding: 'utf8' }).split(' ')
      bare.push(Number(us) / 1000)
      const start = performance.now()
      seen = 0
      for await (const _ of survey()) seen++
      times.push(performance.now() - start)
    }
    sleepers.stdin.end()
    await once(sleepers, 'exit')
    const [time, c] = [median(times), median(bare)]
    const memory = process.memoryUsage.rss() / 2 ** 20
    console.log(
      `survey     ${seen} processes in ${time.toFixed(0)} ms, ${((time / seen) * 1000).toFixed(0)} us each, ${memory.toFixed(0)} MB, C ${c.toFixed(1)} ms, ratio ${(time / c).toFixed(2)}`,
    )
  }
} finally {
  target.kill('SIGKILL')
  rmSync(work, { recursive: true, force: true })
}
