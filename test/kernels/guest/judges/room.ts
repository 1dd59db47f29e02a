/**
 * A Node that lives in one room through all scopes. For every target it first asks the library, and
 * then has the same tracer really try: itself by a library that seizes, debuggers by starting them.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { getSystemErrorName } from 'node:util'

import type { Verdict } from '../../../../lib/model/index.js'
import { debuggers, sessions } from '../../judges/debuggers.js'
import type { Cell, Question } from '../../judges/results.js'
import { userName } from '../../judges/room.js'
import { type Judgement, judge, judgeAll } from './judge.js'

type Tracer = 'self' | 'child' | 'stranger' | { readonly user: string }
type Ask = (pid: number, options: { tracer: Tracer }) => Verdict
const [, , entry = ''] = process.argv
const { canAttachSync }: { canAttachSync: Ask } = await import(entry)

/** Children of this Node: for a debugger that it starts they are siblings. */
async function child(...args: string[]): Promise<number> {
  const target = spawn('/run/lane/targets', ['--alone', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(target.stdout, 'data')
  return target.pid ?? 0
}

/** A real PTRACE_SEIZE by a thread of this Node. */
async function seize(pid: number): Promise<Judgement> {
  process.env['SEIZE_PID'] = String(pid)
  delete process.env['SEIZE_ERRNO']
  let said = ''
  try {
    process.dlopen({ exports: {} }, '/run/lane/seize.node')
  } catch (error) {
    said = String(error) // it is no addon, but by then it has done its work
  }
  const errno = Number(process.env['SEIZE_ERRNO'] ?? -1)
  if (errno === 0) return { outcome: 'attached', said: 'success' }
  return errno > 0
    ? { outcome: 'refused', said: getSystemErrorName(-errno) }
    : { outcome: 'unclear', said }
}

function foretell(pid: number, asker: Cell['tracer']): Cell['foretold'] {
  const tracer = asker === 'user' ? { user: userName } : asker
  const { verdict, cause, causes, certainty, message, evidence } = canAttachSync(pid, { tracer })
  return {
    ...{ verdict, cause, certainty, message, evidence },
    causes: causes.map(({ id, certainty }) => ({ id, certainty })),
  }
}

/** Foretells, has it tried, and writes down both. */
async function trial(
  judge: string,
  tracer: Cell['tracer'],
  targets: readonly (readonly [target: string, pid: number])[],
  act: (pids: readonly number[]) => Promise<Judgement[]>,
): Promise<Cell[]> {
  const foretold = targets.map(([, pid]) => foretell(pid, tracer))
  const begin = performance.now()
  const judgements = await act(targets.map(([, pid]) => pid))
  const milliseconds = Math.round((performance.now() - begin) / targets.length)
  return judgements.flatMap((judgement, i) => {
    const [target, said] = [targets[i]?.[0], foretold[i]]
    if (target === undefined || said === undefined) return []
    return [{ target, judge, tracer, foretold: said, ...judgement, milliseconds }]
  })
}

async function sit(question: Question): Promise<Cell[]> {
  const targets = Object.entries({ ...question.targets, ...(question.children ? children : {}) })
  const cells: Cell[] = []
  const { as } = question
  for (const target of targets) {
    const one = (name: string, tracer: Cell['tracer'], act: (pid: number) => Promise<Judgement>) =>
      trial(name, tracer, [target], async ([pid = 0]) => [await act(pid)])
    if (question.debuggers.includes('seize')) cells.push(...(await one('seize', 'self', seize)))
    for (const found of debuggers.filter(({ id }) => question.debuggers.includes(id))) {
      const name = as === 'child' ? found.id : `${found.id} (${as})`
      cells.push(...(await one(name, as, (pid) => judge(found, pid, as))))
    }
  }
  for (const found of sessions.filter(({ id }) => question.debuggers.includes(id))) {
    cells.push(...(await trial(found.id, 'child', targets, (pids) => judgeAll(found, pids))))
  }
  return cells
}

const children = { child: await child(), 'child-naming-judge': await child('named') }
process.stdout.write(`${process.env['TARGETS'] ?? '{}'}\n`)
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await sit(JSON.parse(line)))}\n`)
}
process.exit() // its children end with it
