import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { root } from '../helpers/node.js'
import type { Result, Told } from './answers.js'
import { type Case, caseOf, kindNames, type Tables } from './cases.js'
import { problemsOf, type Truth, verdictKey } from './judge.js'
import { ordersOf, pointsOf, whos } from './points.js'

const native = join(root, 'native')
const points = pointsOf(readFileSync(join(native, 'process/fault.h'), 'utf8'))
const tables: Tables = { points, calls: ['ptrace', 'waitid', 'openat'] }

t.test('every fault point is where something happens', async (t) => {
  const used = readdirSync(native, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.cc'))
    .flatMap((name) => [
      ...readFileSync(join(native, name), 'utf8').matchAll(/fault::At\(fault::Point::(k\w+)\)/g),
    ])
    .map(([, point = '']) => point)
  t.strictSame([...new Set(used)].sort(), [...points].sort())
})

t.test('the orders of the test build are in the order of its table', async (t) => {
  const header = readFileSync(join(root, 'test/chaos/native/faults.h'), 'utf8')
  const [, list = ''] = /enum class Who[^{]*\{([^}]*)\}/.exec(header) ?? []
  t.equal(list.split(',').length, whos.length)
  const fault = { point: points[2] ?? '', family: null, count: 3, who: 'node', ms: 7 } as const
  t.equal(ordersOf([{ ...fault, blow: 'SIGKILL' }], points), '2,-1,3,1,9,7')
  t.equal(ordersOf([{ ...fault, family: 5, blow: 'delay' }], points), '2,5,3,1,0,7')
})

const addon = join(root, 'build/Release/ptrace-probe.node')
const isBuilt = { skip: existsSync(addon) ? false : 'needs the addon, found none' } as const

t.test('the addon that is built for users has no trace of the faults', isBuilt, async (t) => {
  const bytes = readFileSync(addon)
  for (const trace of ['CHAOS_ORDERS', 'getenv', 'nanosleep', ...points]) {
    t.notOk(bytes.includes(trace), trace)
  }
})

t.test('a seed and a number always give the same case', async (t) => {
  const cases = Array.from({ length: 2000 }, (_, index) => caseOf(7, index, tables))
  for (const index of [0, 5, 1999]) t.strictSame(caseOf(7, index, tables), cases[index])
  t.notSame(caseOf(8, 5, tables), cases[5])
  t.strictSame([...new Set(cases.map(({ kind }) => kind))].sort(), [...kindNames].sort())
  const reached = new Set(cases.flatMap(({ faults }) => faults.map(({ point }) => point)))
  t.strictSame([...reached].sort(), [...points].sort(), 'every point is tried')
})

const plain: Told = {
  enforced: {
    value: null,
    name: 'no-yama',
    candidates: [],
    certainty: 'proved',
    evidence: ['control/yama'],
  },
  effective: { value: 0, name: 'classic', evidence: [] },
  cells: { 'unprivileged/child/attach': 'allowed', 'unprivileged/sibling/attach': 'allowed' },
  findings: ['no-yama'],
}
const truth: Truth = {
  reports: new Map([['root', plain]]),
  verdicts: new Map([
    [
      verdictKey('root', 'child', 'bystander'),
      { is: 'verdicts', verdicts: [{ pid: 13, verdict: 'allowed', cause: null }] },
    ],
  ]),
}
const run: Case = {
  ...caseOf(1, 0, tables),
  world: 'plain',
  user: 'root',
  question: { ask: 'probeSync' },
  timeoutMs: 400,
  faults: [],
  filters: [],
  limit: null,
  shots: null,
}
const result = (report: Told, changes: Partial<Result> = {}): Result => ({
  index: 0,
  line: {
    is: 'answered',
    answer: { is: 'reports', reports: [report] },
    ms: 100,
    descriptors: [],
    threads: 11,
  },
  ended: null,
  wasResumed: false,
  skipped: null,
  problems: [],
  pids: { bystander: 13 },
  ...changes,
})

t.test('what is true, or says less, is no problem', async (t) => {
  t.strictSame(problemsOf(run, result(plain), truth), [])
  const less: Told = {
    ...plain,
    enforced: {
      value: null,
      name: 'undetermined',
      candidates: [0, 1],
      certainty: 'undetermined',
      evidence: [],
    },
    cells: { ...plain.cells, 'unprivileged/sibling/attach': 'inconclusive' },
    findings: ['measurement-incomplete'],
  }
  t.strictSame(problemsOf(run, result(less), truth), [])
})

const wrong: Readonly<Record<string, Told>> = {
  'a refusal that is none': {
    ...plain,
    cells: { ...plain.cells, 'unprivileged/sibling/attach': 'denied' },
  },
  'a scope that is not enforced': {
    ...plain,
    enforced: {
      value: 1,
      name: 'restricted',
      candidates: [1],
      certainty: 'inferred',
      evidence: [],
    },
  },
  'candidates without the truth': {
    ...plain,
    enforced: {
      value: null,
      name: 'undetermined',
      candidates: [2, 3],
      certainty: 'undetermined',
      evidence: [],
    },
  },
  'a finding of its own': { ...plain, findings: ['no-yama', 'another-rule'] },
}

for (const [what, report] of Object.entries(wrong)) {
  t.test(`${what} is a problem`, async (t) => {
    t.not(problemsOf(run, result(report), truth).length, 0)
  })
}

t.test('what comes too late, leaves something or ends Node is a problem', async (t) => {
  const line = { ...result(plain).line, ms: 1401 } as Result['line']
  t.strictSame(problemsOf(run, result(plain, { line }), truth), ['took 1401 ms'])
  t.strictSame(problemsOf(run, result(plain, { problems: ['left: x'] }), truth), ['left: x'])
  t.strictSame(problemsOf(run, result(plain, { line: null, ended: 'SIGSEGV' }), truth), [
    'Node ended: SIGSEGV',
  ])
})

t.test('a verdict with another rule than the true one is a problem', async (t) => {
  const asked: Case = {
    ...run,
    question: { ask: 'canAttachSync', tracer: 'child', target: 'bystander' },
  }
  const line = (verdict: 'denied' | 'undetermined', cause: 'zombie' | 'undetermined') => ({
    line: {
      is: 'answered' as const,
      answer: { is: 'verdicts' as const, verdicts: [{ pid: 13, verdict, cause }] },
      ms: 1,
      descriptors: [],
      threads: 11,
    },
  })
  t.strictSame(problemsOf(asked, result(plain, line('undetermined', 'undetermined')), truth), [])
  t.equal(problemsOf(asked, result(plain, line('denied', 'zombie')), truth).length, 1)
})

t.test(
  'a descriptor that the library left is a problem, a module that Node left is not',
  async (t) => {
    const line = (file: string) => ({
      line: {
        is: 'answered' as const,
        answer: { is: 'terminated' as const },
        ms: 1,
        descriptors: [file],
        threads: 11,
      },
    })
    const worker: Case = { ...run, question: { ask: 'worker', terminateAfterMs: 50 } }
    const pipe = line('pipe:[77]')
    const module = line('/build/package/dist/index.js')
    t.strictSame(problemsOf(worker, result(plain, pipe), truth), ['descriptors left: pipe:[77]'])
    t.strictSame(problemsOf(worker, result(plain, module), truth), [])
    t.strictSame(problemsOf(run, result(plain, module), truth).length, 1)
  },
)
