import { methods } from '../../lib/model/index.js'
import type { Answer, Judged, Result, Told } from './answers.js'
import { type Case, mayEndNode } from './cases.js'
import { worldOf } from './worlds.js'

/** What undisturbed runs answered. */
export interface Truth {
  readonly reports: ReadonlyMap<Case['user'], Told>
  /** By `verdictKey()`. */
  readonly verdicts: ReadonlyMap<string, Answer>
}

export const verdictKey = (user: Case['user'], tracer: string, target: string): string =>
  `${user} ${tracer} ${target}`

/** What is wrong with what became of a run; nothing: it is as it should be. */
export function problemsOf(run: Case, result: Result, truth: Truth): string[] {
  const { line, ended, wasResumed } = result
  // The core is Node's own then, or none can be kept from being written.
  const isNodesCore =
    (ended !== null && mayEndNode(run)) ||
    // What ends a process in this call keeps it from saying that it wants no core.
    run.filters.some(({ call }) => call === 'prlimit64')
  // Stopped before it could ask to be killed with its parent, or set its timer: when Node has been
  // killed, no process that lives knows of it. It ends when it is continued.
  const mayLeaveStopped =
    ended !== null &&
    run.faults.some(
      ({ point, blow }) =>
        /^k(Supervisor|Examiner|Stranger)Born$/.test(point) && blow === 'SIGSTOP',
    )
  const isExpected = (problem: string): boolean =>
    (isNodesCore && problem === 'file left: core') ||
    (mayLeaveStopped && /^left: (node|ptrace-probe) \(\d+\), state T/.test(problem))
  const problems = result.problems.filter((each) => !isExpected(each))
  if (result.skipped !== null) return problems
  if (ended !== null && !mayEndNode(run)) problems.push(`Node ended: ${ended}`)
  if (line === null || line.is !== 'answered') return problems
  const limit = (run.timeoutMs + 1000) * worldOf(run.world).slowness
  if (line.ms > limit && !wasResumed && !run.filters.some(({ alsoNode }) => alsoNode)) {
    problems.push(`took ${Math.round(line.ms)} ms`)
  }
  // What close(2) is refused for stays open.
  const isClosing = !run.filters.some(({ call, alsoNode }) => call === 'close' && alsoNode)
  const left = line.descriptors?.filter((file) => !isLeftByNode(run, file)) ?? []
  if (left.length > 0 && isClosing) problems.push(`descriptors left: ${left.join(', ')}`)
  if (line.threads > 24) problems.push(`${line.threads} threads`)
  return [...problems, ...answerProblems(run, line.answer, result.pids, truth)]
}

/**
 * Node's module loader opens a module and reads it in two steps: a Worker that is terminated between
 * them leaves it open, whatever the module is.
 */
const isLeftByNode = (run: Case, file: string): boolean =>
  (run.question.ask === 'worker' && /\/package\/dist\/[^/]+\.c?js$/.test(file)) ||
  // readFileSync() of Node 20 throws where it is not told the size, before it closes the file.
  (run.filters.some(({ call, alsoNode }) => call === 'statx' && alsoNode) && file.startsWith('/'))

function answerProblems(
  run: Case,
  answer: Answer,
  pids: Result['pids'],
  truth: Truth,
): readonly string[] {
  switch (answer.is) {
    case 'terminated':
      return []
    case 'error':
      return answer.code.startsWith('ERR_PTRACE_PROBE_') || isNodesOwn(run)
        ? []
        : [`threw ${answer.name} ${answer.code}: ${answer.message}`]
    case 'reports':
      return answer.reports.flatMap((report) => reportProblems(run, report, truth))
    case 'verdicts':
      return verdictProblems(run, answer.verdicts, pids, truth)
    default:
      return answer satisfies never
  }
}

/** Where Node itself is refused system calls, or is short of memory, its own functions fail. */
const isNodesOwn = (run: Case): boolean =>
  run.filters.some(({ alsoNode }) => alsoNode) || run.limit !== null || run.world === 'memory'

/** The system calls that a method needs: where a filter refuses one, the method is denied. */
const callsOf: Readonly<Record<(typeof methods)[number], readonly string[]>> = {
  attach: ['ptrace'],
  seize: ['ptrace'],
  traceme: ['ptrace'],
  'vm-read': ['process_vm_readv'],
  'proc-mem': ['openat'],
  'pidfd-getfd': ['pidfd_getfd'],
}

const methodOf = (cell: string): (typeof methods)[number] | undefined =>
  methods.find((method) => cell.endsWith(`/${method}`))

function mayBeDenied(run: Case, cell: string): boolean {
  const method = methodOf(cell)
  return method !== undefined && run.filters.some(({ call }) => callsOf[method].includes(call))
}

function reportProblems(run: Case, report: Told, truth: Truth): string[] {
  const plain = truth.reports.get(run.user)
  if (plain === undefined) throw new Error(`There is no truth for ${run.user}`)
  const problems: string[] = []
  for (const [cell, status] of Object.entries(report.cells)) {
    const isAnswer = status === 'allowed' || status === 'denied'
    if (!isAnswer || status === plain.cells[cell]) continue
    if (status === 'denied' && mayBeDenied(run, cell)) continue
    problems.push(`${cell} is ${status}, not ${plain.cells[cell]}`)
  }
  const { enforced, effective } = report
  if (enforced.name !== 'undetermined' && enforced.name !== plain.enforced.name) {
    problems.push(`${enforced.name} ${enforced.certainty}, not ${plain.enforced.name}`)
  }
  // A kernel without Yama behaves as scope 0.
  const { candidates } = enforced
  const behaves = plain.enforced.value ?? 0
  if (candidates.length > 0 && !candidates.some((scope) => scope === behaves)) {
    problems.push(`candidates ${candidates.join(' ')}`)
  }
  const isFiltered = run.filters.length > 0
  if (effective.name !== 'undetermined' && effective.name !== plain.effective.name && !isFiltered) {
    problems.push(`effective ${effective.name}, not ${plain.effective.name}`)
  }
  // What says that the measurement is incomplete may be added, and what Node's own place adds.
  const allowed = [
    ...plain.findings,
    'measurement-incomplete',
    'scope-undecided',
    // A filter that refuses one call of several looks like a rule about some processes.
    ...(isFiltered ? ['ptrace-filtered', 'another-rule'] : []),
    // Where /proc does not show whether there is a filter, one may have answered PR_SET_PTRACER.
    ...(isFiltered || hidesSeccomp.test(run.world) ? ['consent-filtered'] : []),
    ...(/strace|gdb/.test(run.world) ? ['caller-traced'] : []),
  ]
  const extra = report.findings.filter((id) => !allowed.includes(id))
  if (extra.length > 0) problems.push(`findings ${extra.join(' ')}`)
  return problems
}

/** Worlds whose /proc does not show this process. */
const hidesSeccomp = /proc|chroot/

function verdictProblems(
  run: Case,
  verdicts: readonly Judged[],
  pids: Result['pids'],
  truth: Truth,
): string[] {
  const { question } = run
  const tracer = 'tracer' in question ? question.tracer : 'child'
  const problems = verdicts.flatMap((verdict) => {
    const target =
      'target' in question
        ? question.target
        : Object.keys(pids).find((name) => pids[name] === verdict.pid)
    // Of the others in a survey nothing is known.
    if (target === undefined) return []
    const plain = truth.verdicts.get(verdictKey(run.user, tracer, target))
    const expected = plain?.is === 'verdicts' ? plain.verdicts[0] : undefined
    return verdictProblem(run, verdict, expected, `${tracer} ${target}`)
  })
  const isSurveyed = verdicts.some(({ pid }) => pid === pids['bystander'])
  if (question.ask === 'survey' && !isSurveyed) problems.push('the bystander was left out')
  return problems
}

function verdictProblem(
  run: Case,
  { verdict, cause }: Judged,
  expected: Judged | undefined,
  what: string,
): string[] {
  if (verdict === 'undetermined') return []
  if (expected === undefined) return [`${what}: ${verdict} ${cause}, where no answer can be had`]
  if (verdict === expected.verdict && cause === expected.cause) return []
  const filtered = run.filters.some(({ call }) => call === 'ptrace')
  if (verdict === 'denied' && filtered && /seccomp|filter/.test(String(cause))) return []
  // A refusal whose rule was not found says less, and nothing wrong.
  if (verdict === 'denied' && expected.verdict === 'denied' && cause === 'undetermined') return []
  return [`${what}: ${verdict} ${cause}, not ${expected.verdict} ${expected.cause}`]
}
