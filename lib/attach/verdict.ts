import { type Examination, wasRead } from '../engine/index.js'
import {
  type Allowed,
  answerTitles,
  type Cause,
  capital,
  causeRows,
  type Denied,
  type Evidence,
  errnoName,
  type Target,
  tracerWords,
  type Undetermined,
  type Verdict,
  visible,
} from '../model/index.js'
import { findCauses } from './causes.js'
import { type Circumstances, type Situation, situationOf } from './evidence.js'
import { methodRows } from './methods.js'
import { oracles } from './oracles.js'
import { ruledOut } from './ruled-out.js'
import { emulatorOf } from './rules/state.js'
import { askThreads, type ThreadsSaid } from './threads.js'

/** A verdict before remedies are chosen for it: only a denial has any. */
export type BareVerdict = Allowed | Omit<Denied, 'remedies'> | Undetermined

/**
 * Says whether the tracer may attach and which rules refuse, from what an examination found.
 *
 * @param ofThread - what is known beside the examination of another thread of the process
 */
export function judge(
  examination: Examination,
  circumstances: Circumstances,
  ofThread = circumstances,
): BareVerdict {
  const situation = situationOf(examination, circumstances)
  const { causes: own, suspicion } = findCauses(situation)
  const threads = askThreads(situation, ofThread)
  const more = threads.causes.filter(({ id }) => !own.some((cause) => cause.id === id))
  // The first thread may be what the program that is executed becomes.
  const causes = [...own.filter(({ id }) => !threads.mayHang || id !== 'zombie'), ...more]
  const { allowed, denied, unexplained, undetermined } = verdictsOn(situation)
  const evidence = answersOf(situation)
  const { contradiction, method } = circumstances
  if (contradiction !== null) {
    const why =
      'two calls for which the kernel checks the same permission answer differently: a seccomp filter may answer one of them, or the process has changed in between'
    // Where the call that was asked is the method itself, it is refused, by whichever of the two.
    const say = methodRows[method].traces ? undetermined : unexplained
    return say(why, [...evidence, ...contradiction])
  }
  const [first] = causes
  if (first !== undefined) return denied([first, ...causes.slice(1)], evidence, suspicion)
  if (situation.access === 'denied' && !threads.mayHang) {
    return unexplained(`access is refused, and ${whyUnexplained(situation)}`, evidence)
  }
  // A grant alone does not allow: where /proc cannot be read, it does not show that the target is a
  // kernel thread, has ended or has a tracer.
  const target = targetOf(situation)
  const isSure = circumstances.controls.call.works === true && emulatorOf(circumstances) === null
  const isGranted = situation.access === 'granted' && threads.doubt === null
  if (isGranted && target !== null && isSure) {
    return allowed(target, 'proved', evidence)
  }
  return undetermined(whyUnknown(situation, threads), evidence)
}

/**
 * The verdicts that there can be about one target and one tracer, in words. All properties are written
 * out, because V8 is slow with those that follow a spread, and a survey makes many verdicts.
 */
export function verdictsOn(situation: Situation) {
  const { pid } = situation.examination
  const { tracer, method } = situation.circumstances
  const who = tracerWords(tracer)
  const does = methodRows[method].does(targetWords(situation))
  const schemaVersion = 1
  return {
    allowed: (
      target: Target,
      certainty: Allowed['certainty'],
      evidence: readonly Evidence[],
    ): Allowed => ({
      schemaVersion,
      pid,
      target,
      tracer,
      method,
      verdict: 'allowed',
      cause: null,
      causes: [],
      certainty,
      title: answerTitles.allowed,
      message: capital(`${who} may ${does}.`),
      evidence,
      remedies: [],
    }),
    denied: (
      causes: readonly [Cause, ...Cause[]],
      evidence: readonly Evidence[],
      suspicion: string | null,
    ): BareVerdict => ({
      schemaVersion,
      pid,
      target: targetOf(situation),
      tracer,
      method,
      verdict: 'denied',
      cause: causes[0].id,
      causes,
      certainty: causes[0].certainty,
      title: causeRows[causes[0].id].title,
      message: capital(
        `${who} may not ${does}: ${[
          causes[0].message,
          ...(suspicion === null ? [] : [suspicion]),
          ...(causes[0].thread === undefined ? [] : [everyThread]),
        ].join('; ')}.`,
      ),
      evidence,
    }),
    /** Refused, by a rule that is not known. */
    unexplained: (why: string, evidence: readonly Evidence[]): BareVerdict => ({
      schemaVersion,
      pid,
      target: targetOf(situation),
      tracer,
      method,
      verdict: 'denied',
      cause: 'undetermined',
      causes: [],
      certainty: 'undetermined',
      title: causeRows.undetermined.title,
      message: capital(`${who} may not ${does}: ${why}.`),
      evidence,
    }),
    undetermined: (why: string, evidence: readonly Evidence[]): Undetermined => ({
      schemaVersion,
      pid,
      target: targetOf(situation),
      tracer,
      method,
      verdict: 'undetermined',
      cause: 'undetermined',
      causes: [],
      certainty: 'undetermined',
      title: answerTitles.undetermined,
      message: `Whether ${who} may ${does} cannot be told: ${why}.`,
      evidence,
      remedies: [],
    }),
  }
}

/** Which debuggers meet the refusal of one thread. */
const everyThread =
  'gdb attaches to every thread of a process, strace -p only to the one that it is told'

/** Null where /proc/PID/stat or /proc/PID/status was not read: nothing stands in for an id. */
export function targetOf({ target }: Situation): Verdict['target'] {
  const { stat, status } = target
  if (stat === null || status === null) return null
  const { name, state, parent } = stat
  return { pid: status.threadGroup, name, uid: status.uids[0], state, parent }
}

function targetWords({ target, examination: { pid } }: Situation): string {
  const { stat, status } = target
  if (stat === null) return `process ${pid}`
  const name = visible(stat.name)
  return status === null || status.threadGroup === pid
    ? `${name} (${pid})`
    : `thread ${pid} of ${name} (${status.threadGroup})`
}

function whyUnexplained(situation: Situation): string {
  const why = whyUnseen(situation) ?? 'no rule that can be seen explains it'
  const known = ruledOut(situation)
  return known === null ? why : `${why}; ${known}`
}

function whyUnseen({ examination: { target } }: Situation): string | null {
  if (wasRead(target.stat)) return null
  return `/proc shows nothing of it (${errnoName(target.stat.errno)})`
}

function whyUnknown(situation: Situation, { doubt }: ThreadsSaid): string {
  const {
    access,
    circumstances,
    examination: { procIsOurs, pidfdErrno },
  } = situation
  const { method, controls } = circumstances
  if (controls.call.works === null) {
    return `whether ${methodRows[method].call} is filtered was not found out`
  }
  const emulator = emulatorOf(circumstances)
  if (emulator !== null && access === 'granted') {
    return `${emulator.name} (${emulator.pid}) traces both and emulates ptrace, and what it allows cannot be asked`
  }
  if (method === 'pidfd-getfd' && pidfdErrno !== 0) {
    return `pidfd_open answers ${errnoName(pidfdErrno)}, as it does for a thread that is not the first`
  }
  if (!procIsOurs) return '/proc is not mounted here, or shows another PID namespace'
  const unseen = whyUnseen(situation)
  if (unseen !== null) return unseen
  if (doubt !== null) return doubt
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
