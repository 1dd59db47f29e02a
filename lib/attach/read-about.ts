import { type Engine, type Examination, type ProcessFacts, wasRead } from '../engine/index.js'
import { readCredentials } from '../machine/index.js'
import {
  type CauseId,
  capabilityNames,
  type Evidence,
  hasSysPtrace,
  list,
  PtraceProbeError,
} from '../model/index.js'
import {
  type Circumstances,
  capableOver,
  initialUserNamespace,
  type Seen,
  type Situation,
  situationOf,
} from './evidence.js'
import { foretell } from './foretell.js'
import type { Program } from './program.js'
import { vforkDoubt } from './threads.js'
import { type BareVerdict, judge, targetOf, verdictsOn } from './verdict.js'

type Started = Extract<NonNullable<Program['after']>, { readonly starts: true }>

/** Rules that do not look at what the tracer may do. */
const aboutTarget: readonly CauseId[] = [
  'seccomp',
  'no-such-process',
  'kernel-thread',
  'self',
  'zombie',
  'already-traced',
]

/**
 * What a program may do that this process would start: what a child may that was asked in its place,
 * and besides what its file gives.
 *
 * @param ofThread - as for {@link judge}
 */
export function judgeProgram(
  examination: Examination,
  circumstances: Circumstances,
  { after, changes, keepsLabel, evidence: seen }: Program,
  ofThread = circumstances,
): BareVerdict {
  const asked = judge(examination, circumstances, ofThread)
  if (asked.verdict === 'denied' && aboutTarget.includes(asked.cause)) return asked
  const situation = situationOf(examination, circumstances)
  const { allowed, denied, unexplained, undetermined } = verdictsOn(situation)
  const evidence = [...asked.evidence, ...seen]
  if (after === null) return undetermined('what its file gives it cannot be read', evidence)
  if (!after.starts) {
    const missing = list(capabilityNames(after.missing))
    return unexplained(
      `it cannot be executed, because its file asks for ${missing}, which the bounding set lacks`,
      evidence,
    )
  }
  if (keepsLabel !== true) {
    return undetermined(
      'under which label of a security module it would run is not known',
      evidence,
    )
  }
  const target = targetOf(situation)
  // A capability more has never refused anything (ptrace(2), "Ptrace access mode checking").
  const isPlain = !changes || !gains(situation, after)
  if (isPlain || asked.verdict === 'undetermined' || target === null) return { ...asked, evidence }
  if (asked.verdict === 'allowed') return allowed(target, 'inferred', evidence)
  const thread = asked.causes.find((cause) => cause.thread !== undefined)?.thread
  if (thread !== undefined) {
    return undetermined(`what it may do to thread ${thread} of it is not known`, evidence)
  }
  const { permitted, effective } = after
  const { causes, unknown } = foretell(withCapabilities(situation, after), asked.causes)
  const [first, ...rest] = causes
  if (first !== undefined) return denied([first, ...rest], evidence, null)
  const raises = hasSysPtrace(permitted) && !hasSysPtrace(effective)
  const doubts = [
    ...(raises ? ['it is permitted CAP_SYS_PTRACE, but has to put it into effect itself'] : []),
    ...unknown,
  ]
  if (doubts.length > 0) return undetermined(list(doubts), evidence)
  return allowed(target, 'inferred', evidence)
}

/** Whether it gets a capability by its file that a plain program would not have. */
function gains({ self: { status } }: Situation, { permitted, effective }: Started): boolean {
  if (status === null) return true
  return (permitted & ~status.capPermitted) !== 0n || (effective & ~status.capEffective) !== 0n
}

function withCapabilities(
  situation: Situation,
  { permitted, effective, uids, gids }: Started,
): Situation {
  const { self, oneNamespace } = situation
  if (self.status === null) return situation
  // What a program is permitted it may put into effect.
  const capEffective = effective | permitted
  const status = { ...self.status, uids, gids, capPermitted: permitted, capEffective }
  const changed = { ...self, status }
  return { ...situation, self: changed, capable: capableOver(changed, oneNamespace, null) }
}

/** What a process may do that runs, from what /proc shows of it. */
export function judgeProcess(
  found: { readonly target: Examination; readonly tracer: Examination },
  circumstances: Omit<Circumstances, 'selfPid'>,
): BareVerdict {
  const { target, tracer } = found
  const credentials = readCredentials(tracer.pid)
  const { status } = tracer.target
  const known = credentials !== null && wasRead(status) && tracer.closer !== null
  const closer = target.closer && {
    ...target.closer,
    self: tracer.target,
    ...(tracer.closer === null ? {} : { selfDetails: tracer.closer.target }),
  }
  const { lsm, controls } = circumstances
  // It takes no_new_privs or CAP_SYS_ADMIN to enter a Landlock domain, and /proc shows none.
  const mayHaveDomain = credentials?.noNewPrivs !== false && lsm?.includes('landlock') !== false
  const around: Circumstances = {
    ...circumstances,
    selfPid: wasRead(status) ? status.threadGroup : tracer.pid,
    controls: {
      ...controls,
      call: { works: true },
      other: null,
      filtered: false,
      standIn: null,
      read: false,
      landlockDomains: mayHaveDomain ? null : 0,
    },
  }
  const situation = inNamespaces(situationOf({ ...target, closer }, around))
  const { allowed, denied, undetermined } = verdictsOn(situation)
  const evidence = evidenceOf(tracer.pid, tracer.target)
  const { causes, unknown } = foretell(situation)
  const [first, ...rest] = causes
  if (first !== undefined) return denied([first, ...rest], evidence, null)
  const doubts = [
    ...(known ? [] : ['/proc does not show what the tracer may do']),
    ...(credentials?.filtered === true ? ['a seccomp filter of the tracer may answer'] : []),
    ...(credentials !== null && credentials.pidNamespaces > 1
      ? ['the tracer lives in a PID namespace, and may not see it']
      : []),
    ...unknown,
    ...threadDoubts(target, around),
  ]
  const seen = targetOf(situation)
  if (doubts.length > 0 || seen === null) {
    return undetermined(list(seen === null ? ['/proc does not show it'] : doubts), evidence)
  }
  return allowed(seen, 'inferred', evidence)
}

/** What is not known of the other threads: the tracer is not asked about them. */
function threadDoubts(target: Examination, { method }: Pick<Circumstances, 'method'>): string[] {
  const { threads } = target
  if (method !== 'attach') return []
  const doubt = vforkDoubt(target)
  if (doubt !== null) return [doubt]
  if (threads === null) return []
  const { suspect, unreaped, isComplete } = threads
  if (suspect !== null) return [`what it may do to thread ${suspect.pid} of it is not known`]
  if (unreaped !== 0) return [`its thread ${unreaped} has ended and was not waited for`]
  return isComplete ? [] : ['not every thread of it was looked at']
}

/** A map of the initial user namespace: that of all ids. */
const all = /^\s*0\s+0\s+4294967295\s*$/

/**
 * The link to a namespace can be read only with READ access. A map of all ids is that of the initial
 * one: root alone could write such a map for another.
 */
function inNamespaces(situation: Situation): Situation {
  const [self, target] = [placed(situation.self), placed(situation.target)]
  const isKnown = self.userNamespace !== null && target.userNamespace !== null
  const oneNamespace = isKnown
    ? self.userNamespace === target.userNamespace
    : situation.oneNamespace
  return {
    ...situation,
    self,
    target,
    oneNamespace,
    capable: capableOver(self, oneNamespace, null),
  }
}

function placed(seen: Seen): Seen {
  const isInitial = seen.userNamespace === null && all.test(seen.uidMap ?? '')
  return isInitial ? { ...seen, userNamespace: initialUserNamespace } : seen
}

function evidenceOf(pid: number, { status }: ProcessFacts): Evidence[] {
  if (!wasRead(status)) return []
  return [
    {
      source: `/proc/${pid}/status Uid, Gid`,
      result: `${status.uids.join(' ')}, ${status.gids.join(' ')}`,
    },
    { source: `/proc/${pid}/status CapEff`, result: status.capEffective.toString(16) },
  ]
}

/**
 * What /proc shows of the tracer.
 *
 * @throws PtraceProbeError `ERR_PTRACE_PROBE_NO_TRACER` when there is no such process
 */
export function examineTracer(engine: Pick<Engine, 'examine'>, pid: number): Examination {
  const found = engine.examine(pid, 0)
  if (wasRead(found.target.stat)) return found
  throw new PtraceProbeError(
    `There is no process ${pid} here that could attach`,
    'ERR_PTRACE_PROBE_NO_TRACER',
  )
}
