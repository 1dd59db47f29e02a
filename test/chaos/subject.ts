// The process that asks the library. It reads requests from descriptor 4 and answers on descriptor 3,
// so that the standard descriptors may be closed.

import { readdirSync, readFileSync, readlinkSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { constants } from 'node:os'
import { Worker } from 'node:worker_threads'
import type * as Library from '../../lib/index.js'
import { type Answer, judged, type Line, told } from './answers.js'
import type { Case, Filter, Question, TracerName } from './cases.js'

/** What it is asked to do. */
export interface Request {
  readonly run: Case
  /** CHAOS_ORDERS. */
  readonly orders: string
  readonly pids: Readonly<Record<string, number>>
}

interface Meddle {
  filter(
    call: number,
    mode: number,
    errno: number,
    first: number,
    last: number,
    here: number,
  ): number
  limit(resource: number, soft: number): number
  numberOf(call: string): number
}

const [, , libraryPath = '', meddlePath = ''] = process.argv
const library: typeof Library = await import(libraryPath)

function loadMeddle(): Meddle {
  const module: { exports: Partial<Meddle> } = { exports: {} }
  process.dlopen(module, meddlePath)
  const { filter, limit, numberOf } = module.exports
  if (!filter || !limit || !numberOf) throw new Error('meddle.node is incomplete')
  return { filter, limit, numberOf }
}

const modes = { fail: 0, kill: 1, trap: 2, ask: 3 } as const

function install({ call, mode, errno, first, last, alsoNode }: Filter): void {
  const meddle = loadMeddle()
  const number = meddle.numberOf(call)
  if (number < 0) return
  const error = errno === null ? 0 : constants.errno[errno]
  const failed = meddle.filter(number, modes[mode], error, first, last, alsoNode ? 1 : 0)
  if (failed !== 0) throw new Error(`seccomp(2): ${failed}`)
}

const count = (directory: string): number | null => {
  try {
    return readdirSync(directory).length
  } catch {
    return null
  }
}

/** What each open descriptor refers to; null where it cannot be seen. */
function openDescriptors(): ReadonlyMap<string, string> | null {
  try {
    const numbers = readdirSync('/proc/self/fd')
    return new Map(numbers.map((number) => [number, referent(number)]))
  } catch {
    return null
  }
}

function referent(descriptor: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`)
  } catch {
    return closed
  }
}

/** That with which the directory was read. */
const closed = 'closed'

/** Other numbers for the same number of descriptors are no leak. */
function left(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  if (after.size <= before.size) return []
  // The number with which the directory was read before may be that of a leak now.
  return [...after]
    .filter(([number, what]) => what !== closed && before.get(number) !== what)
    .map(([, what]) => what)
}

/** Sets a soft limit a little above what is in use; the function sets the old one again. */
function limited({ limit }: Case): () => void {
  if (limit === null) return () => {}
  const meddle = loadMeddle()
  const descriptors = (): number => Math.max(...readdirSync('/proc/self/fd').map(Number))
  const pages = (): number => Number(readFileSync('/proc/self/statm', 'utf8').split(' ')[0])
  const { resource, used, unit } = {
    NOFILE: () => ({ resource: 7, used: descriptors(), unit: 1 }),
    NPROC: () => ({ resource: 6, used: count('/proc/self/task') ?? 0, unit: 1 }),
    AS: () => ({ resource: 9, used: pages() * 4096, unit: 2 ** 18 }),
  }[limit.resource]()
  const before = meddle.limit(resource, used + limit.left * unit)
  return () => {
    meddle.limit(resource, before)
  }
}

/** How long threads of this process could have run, but had no processor, in milliseconds. */
function starved(): number {
  try {
    return readdirSync('/proc/self/task')
      .map((task) => readFileSync(`/proc/self/task/${task}/schedstat`, 'utf8').split(' ')[1])
      .reduce((sum, waited) => sum + Number(waited) / 1e6, 0)
  } catch {
    return 0
  }
}

const tracerOption = (name: TracerName): Library.TracerOption =>
  name === 'user' ? { user: 'nobody' } : name

async function ask(question: Question, timeoutMs: number, request: Request): Promise<Answer> {
  const attach = (): [number, Library.AttachOptions] => {
    if (!('tracer' in question)) throw new Error('There is no target')
    return [
      request.pids[question.target] ?? 0,
      { tracer: tracerOption(question.tracer), timeoutMs },
    ]
  }
  switch (question.ask) {
    case 'probeSync':
      return { is: 'reports', reports: [told(library.probeSync({ timeoutMs }))] }
    case 'probe':
      return { is: 'reports', reports: [told(await library.probe({ timeoutMs }))] }
    case 'two-probes': {
      const both = [library.probe({ timeoutMs }), library.probe({ timeoutMs })]
      const settled = await Promise.allSettled(both)
      return { is: 'reports', reports: settled.map((each) => told(fulfilled(each))) }
    }
    case 'canAttachSync':
      return { is: 'verdicts', verdicts: [judged(library.canAttachSync(...attach()))] }
    case 'canAttach':
      return { is: 'verdicts', verdicts: [judged(await library.canAttach(...attach()))] }
    case 'survey': {
      const verdicts = await library.survey({ tracer: 'child', timeoutMs })
      return { is: 'verdicts', verdicts: verdicts.map(judged) }
    }
    case 'worker':
      return inWorker(question.terminateAfterMs, timeoutMs)
    case 'report':
    case 'check':
      throw new Error('The command is started by the cage')
    default:
      return question satisfies never
  }
}

function fulfilled<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason
  return settled.value
}

/** The time that counts is that of the termination. */
async function inWorker(terminateAfterMs: number, timeoutMs: number): Promise<Answer> {
  const source = `
    import(${JSON.stringify(libraryPath)}).then(async ({ canAttach, probe }) => {
      const timeoutMs = ${timeoutMs}
      for (;;) {
        await Promise.allSettled([
          probe({ timeoutMs }),
          canAttach(process.pid, { tracer: 'child', timeoutMs }),
        ])
      }
    })`
  const worker = new Worker(source, { eval: true, execArgv: [] })
  worker.on('error', () => {})
  await new Promise((resolve) => setTimeout(resolve, terminateAfterMs))
  await worker.terminate()
  return { is: 'terminated' }
}

function errorOf(error: unknown): Answer {
  const { name = '', code = '', message = '' } = error instanceof Error ? errorFields(error) : {}
  return { is: 'error', name, code, message }
}

function errorFields(error: Error): { name: string; code: string; message: string } {
  const code = 'code' in error ? String(error.code) : ''
  return { name: error.name, code, message: error.stack ?? error.message }
}

const say = (line: Line): void => {
  writeSync(3, `${JSON.stringify(line)}\n`)
}

async function answer(request: Request): Promise<void> {
  const { run, orders } = request
  process.env['CHAOS_ORDERS'] = orders
  // The listener of a filter stays.
  for (const filter of run.filters) install(filter)
  const before = openDescriptors()
  const restore = limited(run)
  const starvedBefore = starved()
  const begin = process.hrtime.bigint()
  const given = await ask(run.question, run.timeoutMs, request).catch(errorOf)
  const ms = Number(process.hrtime.bigint() - begin) / 1e6
  restore()
  // A machine with other work is slow, and not the library.
  const machine = Math.max(0, starved() - starvedBefore)
  const after = openDescriptors()
  const extra = run.question.ask === 'worker' ? run.question.terminateAfterMs : 0
  say({
    is: 'answered',
    answer: given,
    ms: ms - extra - machine,
    descriptors: before && after && left(before, after),
    threads: count('/proc/self/task') ?? 0,
  })
}

const requests = new Socket({ fd: 4 })
let text = ''
requests.setEncoding('utf8').on('data', async (part: string) => {
  text += part
  const end = text.indexOf('\n')
  if (end < 0) return
  const line = text.slice(0, end)
  text = text.slice(end + 1)
  await answer(JSON.parse(line))
})
requests.on('error', () => process.exit(0))
requests.on('end', () => process.exit(0))
say({ is: 'ready' })
