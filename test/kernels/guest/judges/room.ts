/**
 * A Node that lives in one room through all scopes. For every target it first asks the library, and
 * then has the same tracer really try: itself by a library that seizes, debuggers by starting them.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { getSystemErrorName } from 'node:util'

import { debuggers, sessions } from '../../judges/debuggers.js'
import type { Cell, Question, Read } from '../../judges/results.js'
import { userName } from '../../judges/room.js'
import { foretell } from './foretell.js'
import { type Judgement, judge, judgeAll } from './judge.js'

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

/** What rules that only read would look at. */
function read(pid: number): Read | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const numberIn = (line: RegExp): number => Number(line.exec(status)?.[1])
    return {
      owner: statSync(`/proc/${pid}`).uid,
      realUid: numberIn(/^Uid:\s*(\d+)/m),
      tracer: numberIn(/^TracerPid:\s*(\d+)/m),
    }
  } catch {
    return null
  }
}

/** The judge that is this Node itself. */
const itself = { id: 'seize', tool: '', requests: ['seize'], everyThread: false } as const
type Judge = Pick<Cell, 'requests' | 'everyThread'> & { readonly id: string; readonly tool: string }

/** How `check` is asked about a judge. */
function optionsFor({ tool, requests }: Judge, tracer: Cell['tracer'], byTool: boolean): string[] {
  if (tracer === 'child' && byTool) return ['--tool', tool]
  const method = ['--method', requests[0] ?? '']
  return tracer === 'user' ? [...method, '--as-user', userName] : [...method, '--tracer', tracer]
}

async function sit(question: Question): Promise<Omit<Cell, 'trials'>[]> {
  const targets = Object.entries({ ...question.targets, ...(question.children ? children : {}) })
  const cells: Omit<Cell, 'trials'>[] = []
  const { as, path, byTool } = question

  /** Foretells, has it tried, and writes down both. */
  async function trial(
    judge: Judge,
    tracer: Cell['tracer'],
    targets: readonly (readonly [target: string, pid: number])[],
    act: (pids: readonly number[]) => Promise<Judgement[]>,
  ): Promise<void> {
    const foretold: Cell['foretold'][] = []
    const shown = targets.map(([, pid]) => read(pid))
    for (const [, pid] of targets) {
      foretold.push(await foretell(pid, optionsFor(judge, tracer, byTool), path))
    }
    const begin = performance.now()
    const judgements = await act(targets.map(([, pid]) => pid))
    const milliseconds = Math.round((performance.now() - begin) / targets.length)
    const { id, requests, everyThread } = judge
    for (const [i, judgement] of judgements.entries()) {
      const [target, said] = [targets[i]?.[0], foretold[i]]
      if (target === undefined || said === undefined) continue
      const who = { target, judge: id, requests, everyThread, tracer }
      const told = { foretold: inShort(said), read: shown[i] ?? null }
      cells.push({ ...who, ...told, ...judgement, milliseconds })
    }
  }

  for (const target of targets) {
    const [name] = target
    if (question.debuggers.includes('seize')) {
      await trial(itself, 'self', [target], async ([pid = 0]) => [await seize(pid)])
    }
    for (const found of debuggers.filter(({ id }) => question.debuggers.includes(id))) {
      const mayWait = name === 'executing'
      await trial(found, as, [target], async ([pid = 0]) => [
        await judge(found, pid, { as, path, mayWait }),
      ])
    }
  }
  for (const found of sessions.filter(({ id }) => question.debuggers.includes(id))) {
    await trial(found, 'child', targets, (pids) => judgeAll(found, pids, { as: 'child', path }))
  }
  return cells
}

function inShort(verdict: Cell['foretold']): Cell['foretold'] {
  const { cause, causes, certainty, message, evidence } = verdict
  return {
    ...{ verdict: verdict.verdict, cause, certainty, message, evidence },
    causes: causes.map(({ id, certainty }) => ({ id, certainty })),
  }
}

const children = { child: await child(), 'child-naming-judge': await child('named') }
process.stdout.write(`${process.env['TARGETS'] ?? '{}'}\n`)
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await sit(JSON.parse(line)))}\n`)
}
process.exit() // its children end with it
