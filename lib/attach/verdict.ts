import { type Cause, type Evidence, errnoName, type Verdict } from '../model/index.js'
import { type Case, type Circumstances, oracles } from './evidence.js'

/** A verdict before remedies are chosen for it. */
export type Attributed = WithoutRemedies<Verdict>
type WithoutRemedies<V> = V extends Verdict ? Omit<V, 'remedies'> : never
/** What distinguishes one kind of verdict from another. */
type Decision<V = Attributed> = V extends Attributed ? Omit<V, Common> : never
type Common = 'schemaVersion' | 'pid' | 'message' | 'evidence'

/**
 * Puts the causes that were found into a verdict with its sentence.
 *
 * @param causes - in the order in which they are told
 * @param suspicion - what may refuse besides, as a clause
 */
export function answer(
  known: Case,
  causes: readonly Cause[],
  suspicion: string | null = null,
): Attributed {
  const decision = decide(known, causes)
  return {
    schemaVersion: 1,
    pid: known.examination.pid,
    ...decision,
    message: messageOf(known, decision.verdict, causes[0], suspicion),
    evidence: evidenceOf(known),
  }
}

function decide(known: Case, causes: readonly Cause[]): Decision {
  const target = targetOf(known)
  const { tracer, controls } = known.circumstances
  const [first] = causes
  if (first !== undefined) {
    const { id, certainty } = first
    return { target, tracer, verdict: 'denied', cause: id, causes, certainty }
  }
  if (known.access === 'refused') {
    const cause = 'undetermined'
    return { target, tracer, verdict: 'denied', cause, causes, certainty: 'undetermined' }
  }
  // A tracer, a zombie or a kernel thread would go unseen where /proc cannot be read.
  const seen = known.target.statErrno === 0 && known.target.statusErrno === 0
  const granted = known.access === 'granted' && controls.ptraceKnown
  if (granted && seen && target !== null) {
    return { target, tracer, verdict: 'allowed', cause: null, causes: [], certainty: 'proved' }
  }
  const cause = 'undetermined'
  return { target, tracer, verdict: cause, cause, causes: [], certainty: cause }
}

function targetOf({ target }: Case): Verdict['target'] {
  const { threadGroup, name, uids, state, parent } = target
  const [uid] = uids ?? []
  if (name === undefined || state === undefined || parent === undefined) return null
  // /proc/PID/status may be unreadable where /proc/PID/stat was read. Nothing stands in for it: 0
  // would be root.
  if (threadGroup === undefined || uid === undefined) return null
  return { pid: threadGroup, name, uid, state, parent }
}

/** The tracers, as the subject of a sentence. */
function tracerWords({ tracer }: Circumstances): string {
  switch (tracer) {
    case 'self':
      return 'this process'
    case 'child':
      return 'a debugger that this process starts'
    case 'stranger':
      return 'an unrelated process of this user'
    default:
      return `a process of user ${tracer.slice('user:'.length)}`
  }
}

function targetWords({ target, examination: { pid } }: Case): string {
  const { name, threadGroup } = target
  if (name === undefined) return `process ${pid}`
  return threadGroup === undefined || threadGroup === pid
    ? `${name} (${pid})`
    : `thread ${pid} of ${name} (${threadGroup})`
}

function messageOf(
  known: Case,
  verdict: Verdict['verdict'],
  first: Cause | undefined,
  suspicion: string | null,
): string {
  const tracer = tracerWords(known.circumstances)
  const target = targetWords(known)
  const sentence = {
    allowed: `${tracer} may attach to ${target}.`,
    denied:
      first === undefined
        ? `${tracer} may not attach to ${target}: access is refused, and ${whyUnexplained(known)}.`
        : `${tracer} may not attach to ${target}: ${first.message}${suspicion === null ? '' : `; ${suspicion}`}.`,
    undetermined: `whether ${tracer} may attach to ${target} cannot be told: ${whyUnknown(known)}.`,
  }[verdict]
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}

function whyUnexplained({ target: { statErrno } }: Case): string {
  return statErrno === 0
    ? 'no rule that can be seen explains it'
    : `/proc shows nothing of it (${errnoName(statErrno)})`
}

function whyUnknown({ access, circumstances, examination: { procIsOurs }, target }: Case): string {
  if (!circumstances.controls.ptraceKnown) return 'whether ptrace is filtered was not found out'
  if (!procIsOurs) return '/proc is not mounted here, or shows another PID namespace'
  if (target.statErrno !== 0) return `/proc shows nothing of it (${errnoName(target.statErrno)})`
  if (access === 'granted') return '/proc does not show whether it has a tracer'
  return access === 'gone' ? 'it has no memory left' : 'no oracle works here'
}

function evidenceOf(known: Case): Evidence[] {
  const { examination } = known
  const answer = (errno: number): string => (errno === 0 ? 'success' : errnoName(errno))
  const asked = oracles.flatMap(({ field, syscall }) => {
    const errno = examination[field]
    return errno === null ? [] : [{ source: syscall, result: answer(errno) }]
  })
  const read = examination.read === null ? [] : [answer(examination.read)]
  return [...asked, ...read.map((result) => ({ source: 'get_robust_list', result }))]
}
