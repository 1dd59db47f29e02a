import { wasRead } from '../engine/index.js'
import { type Cause, type Evidence, errnoName, type Verdict } from '../model/index.js'
import { type Case, type Circumstances, oracles } from './evidence.js'

/** A verdict before remedies are chosen for it. */
export type Attributed = Omit<Verdict, 'remedies'>

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
  const { examination, circumstances } = known
  const { verdict, certainty } = decide(known, causes)
  const [first] = causes
  return {
    schemaVersion: 1,
    pid: examination.pid,
    target: targetOf(known),
    tracer: circumstances.tracer,
    verdict,
    cause: verdict === 'allowed' ? null : (first?.id ?? 'undetermined'),
    causes,
    certainty,
    message: messageOf(known, verdict, first, suspicion),
    evidence: evidenceOf(known),
  }
}

function decide(known: Case, [first]: readonly Cause[]): Pick<Verdict, 'verdict' | 'certainty'> {
  if (first !== undefined) return { verdict: 'denied', certainty: first.certainty }
  if (known.access === 'refused') return { verdict: 'denied', certainty: 'undetermined' }
  // A tracer, a zombie or a kernel thread would go unseen where /proc cannot be read.
  const seen = known.target.stat !== null && known.target.status !== null
  return known.access === 'granted' && seen && known.circumstances.controls.ptraceKnown
    ? { verdict: 'allowed', certainty: 'proved' }
    : { verdict: 'undetermined', certainty: 'undetermined' }
}

function targetOf({ target }: Case): Verdict['target'] {
  const { stat, status } = target
  if (stat === null || status === null) return null
  const { name, state, parent } = stat
  return { pid: status.threadGroup, name, uid: status.uids[0], state, parent }
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
  const { stat, status } = target
  if (stat === null) return `process ${pid}`
  return status === null || status.threadGroup === pid
    ? `${stat.name} (${pid})`
    : `thread ${pid} of ${stat.name} (${status.threadGroup})`
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

function whyUnexplained(known: Case): string {
  return whyUnseen(known) ?? 'no rule that can be seen explains it'
}

function whyUnseen({ examination: { target } }: Case): string | null {
  if (wasRead(target.stat)) return null
  return `/proc shows nothing of it (${errnoName(target.stat.errno)})`
}

function whyUnknown(known: Case): string {
  const {
    access,
    circumstances,
    examination: { procIsOurs },
  } = known
  if (!circumstances.controls.ptraceKnown) return 'whether ptrace is filtered was not found out'
  if (!procIsOurs) return '/proc is not mounted here, or shows another PID namespace'
  const unseen = whyUnseen(known)
  if (unseen !== null) return unseen
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
