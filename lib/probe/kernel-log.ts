import {
  holdsSysPtrace,
  methodRows,
  type Observation,
  type Report,
  yamaRefuses,
} from '../model/index.js'

/** The parts of a report that tell what Yama refused. */
type Known = Pick<Report, 'caller' | 'scope' | 'observations' | 'controls'>

/**
 * How many attempts Yama refused: each asks for a line in the kernel's log (security/yama/yama_lsm.c,
 * report_access()). Null where one may have been refused by another rule.
 */
export function yamaRefusals(known: Known): number | null {
  const { scope, observations } = known
  if (scope.yama === false) return 0
  const answers = observations
    .filter((cell) => isJudged(known, cell))
    .map((cell) => isYamas(known, cell))
  return answers.includes(null) ? null : answers.filter((answer) => answer === true).length
}

/** Refused when the target was looked at, and not by a module that answers EACCES to ptrace(2). */
function isJudged({ controls }: Known, { status, method, syscall, errno }: Observation): boolean {
  const reached = methodRows[method].controls.some((name) =>
    controls.some(({ id, passes }) => id === name && passes === true),
  )
  return status === 'denied' && reached && !(syscall === 'ptrace' && errno === 'EACCES')
}

/** Whether Yama refused it; null: not known. */
function isYamas({ caller, scope }: Known, cell: Observation): boolean | null {
  const { identity } = cell
  const capable =
    identity === 'owner' || (identity === 'caller' && holdsSysPtrace(caller.capSysPtrace))
  const answers = scope.enforced.candidates.map((each) => yamaRefuses(each, { ...cell, capable }))
  const [first = null] = answers
  return answers.every((each) => each === first) ? first : null
}
