import { kernelThreadFlag } from './attach/rules/state.js'
import { type Examination, loadEngine, oracleBits } from './engine/engine.js'
import { wrap } from './format/terminal.js'
import { tracerWords } from './format/verdicts.js'
import type { Verdict } from './model/index.js'
import { defaultTimeoutMs, maxPid } from './model/limits.js'
import { presume } from './presume.js'

/** What came of it: the output of `check`, or whether anybody was asked in vain. */
export type QuickGrant =
  | { readonly text: string }
  | { readonly text: null; readonly asked: boolean }

const oracles = oracleBits['pidfd-getfd']

/**
 * What most people want to know of a process, and has a path of its own for them: `check PID`, or
 * `check --json PID`, where every tracer in question may attach, and nothing about the target is out
 * of the ordinary. All else takes the usual path. To run code for the first time costs more than to
 * ask the kernel, so there is little of it.
 */
export function quickGrant(argv: readonly string[]): QuickGrant {
  const pid = onlyTarget(argv)
  if (pid === null || presume() === undefined) return { text: null, asked: false }
  try {
    const engine = loadEngine()
    const self = engine.examine(pid, oracles)
    if (!isPlainGrant(self)) return { text: null, asked: true }
    if (argv.includes(json)) return { text: jsonFor(self) }
    const others = engine.examineAs({
      tracers: [{ tracer: 'child' }, { tracer: 'stranger' }],
      oracles,
      deadlineMs: defaultTimeoutMs,
      pids: [pid],
      sharesMemory: true,
    })
    const granted = others.every(({ errno, isRelated, results: [first] }) => {
      return errno === 0 && !isRelated && first !== undefined && isPlainGrant(first)
    })
    return granted ? { text: textFor(self) } : { text: null, asked: true }
  } catch {
    // The usual path has words for it.
    return { text: null, asked: false }
  }
}

const json = '--json'

/** The PID of such a command line; null for every other one. */
function onlyTarget([command, ...words]: readonly string[]): number | null {
  const [operand = '', ...rest] = words.filter((word) => word !== json)
  const isOther = command !== 'check' || rest.length > 0 || words.length > 2
  if (isOther || !/^[1-9]\d{0,9}$/.test(operand)) return null
  const pid = Number(operand)
  return pid > maxPid ? null : pid
}

// EBADF is 9 on every architecture (include/uapi/asm-generic/errno-base.h).
const granted = 9

/**
 * Whether no rule can refuse: access is granted, all of /proc was read, and it shows the first thread
 * of another, living process with a harmless name that nobody traces.
 */
export function isPlainGrant(examination: Examination): boolean {
  const { target, pid } = examination
  return (
    examination.pidfdGetfd === granted &&
    examination.pidfdErrno === 0 &&
    examination.self === undefined &&
    !examination.ended &&
    target.statErrno === 0 &&
    target.statusErrno === 0 &&
    target.tracer === 0 &&
    target.threadGroup === pid &&
    pid !== process.pid &&
    ((target.flags ?? kernelThreadFlag) & kernelThreadFlag) === 0 &&
    ['R', 'S', 'D', 'T', 'I'].includes(target.state ?? '') &&
    /^[\w.:/+-]+$/.test(target.name ?? '')
  )
}

const style = { color: false, unicode: false, columns: 80 }

const message = ({ pid, target }: Examination) => {
  return `This process may attach to ${target.name} (${pid}).`
}

/** What the usual path prints, as text. */
export function textFor(found: Examination): string {
  const others = [tracerWords('child', found.pid), tracerWords('stranger', found.pid)]
  return [
    message(found),
    ...wrap(`The same holds for ${others.join(', and for ')}.`, style),
    '  Proved by asking: pidfd_getfd: EBADF (access granted).\n',
  ].join('\n')
}

/** The same as JSON. */
export function jsonFor(found: Examination): string {
  const { name = '', uids: [uid = 0] = [], state = '', parent = 0 } = found.target
  const verdict: Verdict = {
    schemaVersion: 1,
    pid: found.pid,
    target: { pid: found.pid, name, uid, state, parent },
    tracer: 'self',
    verdict: 'allowed',
    cause: null,
    causes: [],
    certainty: 'proved',
    message: message(found),
    evidence: [{ oracle: 'pidfd_getfd', result: 'EBADF' }],
    remedies: [],
  }
  return `${JSON.stringify(verdict, null, 2)}\n`
}
