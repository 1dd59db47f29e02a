import { type Examination, wasRead } from '../engine/index.js'
import {
  type Allowed,
  type Denied,
  type Evidence,
  errnoName,
  type Undetermined,
  userOf,
  type Verdict,
} from '../model/index.js'
import { findCauses } from './causes.js'
import { type Circumstances, oracles, type Situation, situationOf } from './evidence.js'

/** A verdict before remedies are chosen for it: only a denial has any. */
export type BareVerdict = Allowed | Omit<Denied, 'remedies'> | Undetermined

/** Says whether the tracer may attach and which rules refuse, from what an examination found. */
export function judge(examination: Examination, circumstances: Circumstances): BareVerdict {
  const situation = situationOf(examination, circumstances)
  const { causes, suspicion } = findCauses(situation)
  const [tracer, name] = [tracerWords(circumstances), targetWords(situation)]
  const target = targetOf(situation)
  const answered = {
    schemaVersion: 1,
    pid: examination.pid,
    target,
    tracer: circumstances.tracer,
  } as const
  const evidence = answersOf(situation)
  const [first] = causes
  if (first !== undefined) {
    const besides = suspicion === null ? '' : `; ${suspicion}`
    return {
      ...answered,
      verdict: 'denied',
      cause: first.id,
      causes,
      certainty: first.certainty,
      message: capital(`${tracer} may not attach to ${name}: ${first.message}${besides}.`),
      evidence,
    }
  }
  if (situation.access === 'denied') {
    const why = `access is refused, and ${whyUnexplained(situation)}`
    return {
      ...answered,
      verdict: 'denied',
      cause: 'undetermined',
      causes: [],
      certainty: 'undetermined',
      message: capital(`${tracer} may not attach to ${name}: ${why}.`),
      evidence,
    }
  }
  // A grant alone does not allow: where /proc cannot be read, it does not show that the target is a
  // kernel thread, has ended or has a tracer.
  if (situation.access === 'granted' && target !== null && circumstances.controls.ptraceKnown) {
    return {
      ...answered,
      target,
      verdict: 'allowed',
      cause: null,
      causes: [],
      certainty: 'proved',
      message: capital(`${tracer} may attach to ${name}.`),
      evidence,
      remedies: [],
    }
  }
  return {
    ...answered,
    verdict: 'undetermined',
    cause: 'undetermined',
    causes: [],
    certainty: 'undetermined',
    message: `Whether ${tracer} may attach to ${name} cannot be told: ${whyUnknown(situation)}.`,
    evidence,
    remedies: [],
  }
}

/** Null where /proc/PID/stat or /proc/PID/status was not read: nothing stands in for an id. */
function targetOf({ target }: Situation): Verdict['target'] {
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
      return `a process of user ${userOf(tracer)}`
  }
}

function targetWords({ target, examination: { pid } }: Situation): string {
  const { stat, status } = target
  if (stat === null) return `process ${pid}`
  return status === null || status.threadGroup === pid
    ? `${stat.name} (${pid})`
    : `thread ${pid} of ${stat.name} (${status.threadGroup})`
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}

function whyUnexplained(situation: Situation): string {
  return whyUnseen(situation) ?? 'no rule that can be seen explains it'
}

function whyUnseen({ examination: { target } }: Situation): string | null {
  if (wasRead(target.stat)) return null
  return `/proc shows nothing of it (${errnoName(target.stat.errno)})`
}

function whyUnknown(situation: Situation): string {
  const {
    access,
    circumstances,
    examination: { procIsOurs },
  } = situation
  if (!circumstances.controls.ptraceKnown) return 'whether ptrace is filtered was not found out'
  if (!procIsOurs) return '/proc is not mounted here, or shows another PID namespace'
  const unseen = whyUnseen(situation)
  if (unseen !== null) return unseen
  if (access === 'granted') return '/proc does not show whether it has a tracer'
  return access === 'gone' ? 'it has no memory left' : 'no oracle works here'
}

/** What each oracle that was asked answered. */
function answersOf({ examination }: Situation): Evidence[] {
  const answer = (errno: number): string => (errno === 0 ? 'success' : errnoName(errno))
  const asked = oracles.flatMap(({ field, syscall }) => {
    const errno = examination[field]
    return errno === null ? [] : [{ source: syscall, result: answer(errno) }]
  })
  const read = examination.read === null ? [] : [answer(examination.read)]
  return [...asked, ...read.map((result) => ({ source: 'get_robust_list', result }))]
}
