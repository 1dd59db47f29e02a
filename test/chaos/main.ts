// npm run test:chaos: what the library answers and leaves behind while its processes are killed,
// stopped and refused what they need.
//
//   npm run test:chaos -- [--runs N] [--seed S] [--only INDEX] [--kind KIND] [--lanes N]

import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Assignment } from './agent.js'
import type { Result, Told } from './answers.js'
import {
  type Case,
  caseOf,
  describe,
  type Kind,
  kindNames,
  targetNames,
  tracerNames,
} from './cases.js'
import { problemsOf, type Truth, verdictKey } from './judge.js'
import { pointsOf } from './points.js'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    kind: { type: 'string' },
    lanes: { type: 'string', default: String(4 * availableParallelism()) },
    verbose: { type: 'boolean', default: false },
  },
})
const seed = Number(values.seed)
const runCount = Number(values.runs)
const root = join(import.meta.dirname, '../..')
const points = pointsOf(readFileSync(join(root, 'native/process/fault.h'), 'utf8'))
const calls: string[] = JSON.parse(readFileSync(join(import.meta.dirname, 'calls.json'), 'utf8'))
const directory = mkdtempSync(join(tmpdir(), 'ptrace-probe-chaos-'))
chmodSync(directory, 0o755)
process.on('exit', () => rmSync(directory, { recursive: true, force: true }))

const built = (name: string): string => join(import.meta.dirname, name)
let cages = 0

/** Makes runs in a PID namespace of their own; whatever is in it ends with it. */
function inCage(runs: readonly Case[], heard: (result: Result) => void): Promise<string | null> {
  const number = cages++
  const own = join(directory, `cage-${number}`)
  mkdirSync(own, { mode: 0o777 })
  chmodSync(own, 0o777)
  const assignment: Assignment = {
    runs,
    points,
    directory: own,
    uid: 50_000 + (number % 10_000),
    library: built('package/dist/index.js'),
    command: built('package/dist/bin.cjs'),
    meddle: built('meddle.node'),
    cage: built('cage'),
    subject: built('subject.mjs'),
  }
  const file = join(own, 'assignment.json')
  writeFileSync(file, JSON.stringify(assignment))
  const child = spawn(
    'prlimit',
    [
      ...['--core=unlimited', 'unshare', '--pid', '--fork', '--mount-proc', '--kill-child', '--'],
      ...[built('cage'), 'init', process.execPath, built('agent.mjs'), file],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  // A cage that says nothing for so long hangs.
  const silence = 180_000
  let timer = setTimeout(() => child.kill('SIGKILL'), silence)
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    clearTimeout(timer)
    timer = setTimeout(() => child.kill('SIGKILL'), silence)
    text += part
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      heard(JSON.parse(text.slice(0, end)))
      text = text.slice(end + 1)
    }
  })
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      rmSync(own, { recursive: true, force: true })
      resolve(code === 0 ? null : `the cage ended with ${signal ?? code}`)
    })
  })
}

/** Undisturbed runs. */
async function findTruth(): Promise<Truth> {
  const users = ['root', 'ordinary'] as const
  const base = {
    ...caseOf(seed, 0, { points, calls }),
    faults: [],
    filters: [],
    limit: null,
    shots: null,
    world: 'plain',
    timeoutMs: 30_000,
  } as const
  const runs: Case[] = users.flatMap((user) => [
    { ...base, user, question: { ask: 'probeSync' } as const },
    ...tracerNames.flatMap((tracer) =>
      targetNames.map((target) => ({
        ...base,
        user,
        question: { ask: 'canAttachSync', tracer, target } as const,
      })),
    ),
  ])
  const reports = new Map<Case['user'], Told>()
  const verdicts = new Map<string, import('./answers.js').Answer>()
  const numbered = runs.map((run, index) => ({ ...run, index }))
  const mistake = await inCage(numbered, ({ index, line, problems }) => {
    const run = numbered[index]
    if (run === undefined || line?.is !== 'answered' || problems.length > 0) {
      throw new Error(`An undisturbed run failed: ${JSON.stringify({ run, line, problems })}`)
    }
    const { question, user } = run
    if (line.answer.is === 'reports' && line.answer.reports[0])
      reports.set(user, line.answer.reports[0])
    if ('tracer' in question)
      verdicts.set(verdictKey(user, question.tracer, question.target), line.answer)
  })
  if (mistake !== null) throw new Error(mistake)
  return { reports, verdicts }
}

const begin = performance.now()
const truth = await findTruth()
const wanted = (run: Case): boolean => values.kind === undefined || run.kind === values.kind
const indices =
  values.only === undefined
    ? Array.from({ length: runCount }, (_, i) => i)
    : values.only.split(',').map(Number)
const runs = indices.map((index) => caseOf(seed, index, { points, calls })).filter(wanted)

const batch = Math.max(1, Math.min(50, Math.ceil(runs.length / Number(values.lanes))))
const batches: Case[][] = []
for (let i = 0; i < runs.length; i += batch) batches.push(runs.slice(i, i + batch))

const counts = new Map<Kind, { passed: number; failed: number; skipped: number }>(
  kindNames.map((kind) => [kind, { passed: 0, failed: 0, skipped: 0 }]),
)
const skips = new Map<string, number>()

function report(run: Case, problems: readonly string[], skipped: string | null): void {
  const count = counts.get(run.kind)
  if (count === undefined) return
  if (problems.length > 0) {
    count.failed++
    console.log(`not ok - ${describe(run)}`)
    for (const problem of problems) console.log(`    ${problem}`)
    console.log(`    npm run test:chaos -- --seed ${seed} --only ${run.index}`)
  } else if (skipped !== null) {
    count.skipped++
    skips.set(skipped, (skips.get(skipped) ?? 0) + 1)
  } else {
    count.passed++
  }
}

async function lane(): Promise<void> {
  for (let next = batches.shift(); next !== undefined; next = batches.shift()) {
    const waiting = new Map(next.map((run) => [run.index, run]))
    const mistake = await inCage(next, (result) => {
      const run = waiting.get(result.index)
      if (run === undefined) return
      waiting.delete(result.index)
      if (values.verbose)
        console.log(
          describe(run),
          JSON.stringify({
            ...result,
            line:
              result.line?.is === 'answered'
                ? { ...result.line, answer: JSON.stringify(result.line.answer).slice(0, 300) }
                : null,
          }),
        )
      report(run, problemsOf(run, result, truth), result.skipped)
    })
    // The first one that was not answered broke it; the others go to another cage.
    const [broken, ...rest] = waiting.values()
    if (broken !== undefined) report(broken, [mistake ?? 'not run'], null)
    if (rest.length > 0) batches.push(rest)
  }
}
await Promise.all(Array.from({ length: Number(values.lanes) }, lane))

const total = { passed: 0, failed: 0, skipped: 0 }
for (const [kind, count] of counts) {
  total.passed += count.passed
  total.failed += count.failed
  total.skipped += count.skipped
  console.log(`${kind}: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`)
}
for (const [reason, times] of skips) console.log(`# SKIP ${times} times: ${reason}`)
const seconds = Math.round((performance.now() - begin) / 1000)
console.log(`seed ${seed}, ${runs.length} runs in ${seconds} s`)
const { passed, failed, skipped } = total
console.log(`# { total: ${runs.length}, pass: ${passed}, fail: ${failed}, skip: ${skipped} }`)
process.exitCode = failed > 0 ? 1 : 0
