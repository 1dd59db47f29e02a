// npm run bench: ratios against something real, measured in one run.
//
//   the measurement   probeSync() against test/reference/cells.c, a C program that tries the same cells,
//                     from Node processes of several sizes, beside a bare fork of that Node
//   the command       dist/bin.cjs against an empty script

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import nodeApi from 'node-api-headers'

const rounds = 15
const sizes = [50, 500, 2000]
const root = fileURLToPath(new URL('..', import.meta.url))
const work = mkdtempSync(join(tmpdir(), 'ptrace-probe-bench-'))

const median = (samples) => samples.toSorted((a, b) => a - b)[samples.length >> 1]
const ms = (value) => value.toFixed(1).padStart(7)

try {
  const cells = join(work, 'cells')
  const bareFork = join(work, 'bare-fork.node')
  execFileSync('cc', ['-O2', '-o', cells, join(root, 'test/reference/cells.c')])
  execFileSync('cc', [
    '-O2',
    '-shared',
    '-fPIC',
    `-I${nodeApi.include_dir}`,
    '-o',
    bareFork,
    join(root, 'bench/bare-fork.c'),
  ])

  console.log(`The measurement, medians of ${rounds} rounds in ms`)
  console.log('  Node MB   probe       C    fork   probe / (1.5 C + 2 forks)')
  for (const size of sizes) {
    const text = execFileSync(
      process.execPath,
      [join(root, 'bench/in-process.mjs'), String(size), String(rounds), cells, bareFork],
      { encoding: 'utf8' },
    )
    const samples = JSON.parse(text)
    const [probe, c, fork] = [samples.probe, samples.c, samples.fork].map(median)
    const ratio = probe / (1.5 * c + 2 * fork)
    console.log(
      `  ${String(samples.megabytes).padStart(7)} ${ms(probe)} ${ms(c)} ${ms(fork)}   ${ratio.toFixed(2)}`,
    )
  }

  const empty = join(work, 'empty.mjs')
  writeFileSync(empty, '')
  const commands = { empty: [empty], text: ['dist/bin.cjs'], json: ['dist/bin.cjs', '--json'] }
  const walls = Object.fromEntries(Object.keys(commands).map((name) => [name, []]))
  for (let i = 0; i < rounds; i++) {
    for (const [name, args] of Object.entries(commands)) {
      const start = performance.now()
      spawnSync(process.execPath, args, { cwd: root, stdio: 'ignore' })
      walls[name].push(performance.now() - start)
    }
  }
  console.log(`\nThe command, medians of ${rounds} rounds in ms`)
  const base = median(walls.empty)
  console.log(`  an empty script        ${ms(base)}`)
  for (const name of ['text', 'json']) {
    const wall = median(walls[name])
    console.log(`  ptrace-probe (${name})    ${ms(wall)}   ${(wall - base).toFixed(1)} more`)
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}
