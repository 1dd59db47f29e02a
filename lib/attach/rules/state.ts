import { accessRows, errnoName } from '../../model/index.js'
import type { Circumstances } from '../evidence.js'
import { methodRows, otherRequest } from '../methods.js'
import { because, type Rule } from './rule.js'

/** PF_KTHREAD (include/linux/sched.h), in the flags of proc_pid_stat(5). */
export const kernelThreadFlag = 0x00200000

/** The call itself gets nowhere: a filter answers it, or what runs here has none. */
export const unusable: Rule = ({ circumstances }) => {
  const { method, controls } = circumstances
  const { call: answered, other, filtered, standIn } = controls
  if (answered.works !== false) return null
  const isPtrace = methodRows[method].traces
  const call = isPtrace && other?.works !== true ? 'ptrace itself' : methodRows[method].call
  const { answer } = answered
  const evidence = [{ source: `${isPtrace ? 'ptrace' : call} of no process`, result: answer }]
  const said = `${call} answers ${answer} before any process is looked at`
  // qemu-user has no ptrace at all, whatever filter the container around it has.
  if (filtered && standIn?.kind !== 'interpreter') {
    const message = `${said}, because of a seccomp filter${otherWay(circumstances)}`
    return because('seccomp', 'proved', message, evidence)
  }
  return because('undetermined', 'undetermined', `${said}${instead(circumstances)}`, evidence)
}

function otherWay({ method, controls }: Circumstances): string {
  if ((method !== 'attach' && method !== 'seize') || controls.other?.works !== true) return ''
  const other = otherRequest[method]
  return `, which lets ${methodRows[other].call} through, as ${accessRows[other].usedBy[0]} uses it`
}

/** Who answers, where it is no filter. */
function instead({ method, controls: { standIn } }: Circumstances): string {
  switch (standIn?.kind) {
    case 'tracer':
      return `: ${standIn.name} (${standIn.pid}), which traces this process, answers for the kernel`
    case 'interpreter':
    case 'kernel':
      return `: ${standIn.name} stands in for the kernel here`
    case undefined:
      return methodRows[method].traces
        ? ', though no filter does that: something stands in for the kernel here, as emulators do'
        : ', as kernels do that have no such call'
    default:
      return standIn satisfies never
  }
}

/**
 * A tracer that emulates ptrace, as proot does, answers for the processes that it traces itself, and
 * says of all others that they are not there. The oracles pass it by. It is recognised by PTRACE_SEIZE,
 * which proot does not know: of oneself the kernel refuses it, and proot finds no such process.
 */
export const emulated: Rule = (situation) => {
  const { circumstances, target } = situation
  const standIn = emulatorOf(circumstances)
  if (standIn === null || target.status === null || target.status.tracer === standIn.pid)
    return null
  return because(
    'undetermined',
    'undetermined',
    `${standIn.name} (${standIn.pid}) emulates ptrace here, and only for the processes that it traces itself`,
    [{ source: '/proc/self/status TracerPid', result: String(standIn.pid) }],
  )
}

/** The tracer that emulates ptrace for this process; null where none does. */
export function emulatorOf({ method, controls: { call, other, standIn } }: Circumstances) {
  if (!methodRows[method].traces || standIn?.kind !== 'tracer') return null
  const isOdd = [call, other].some((each) => each !== null && each.works !== true)
  return isOdd || standIn.name === 'proot' ? standIn : null
}

export const gone: Rule = ({ examination, circumstances: { controls }, target, access }) => {
  const { pidfdErrno, read, ended, procIsOurs } = examination
  const isMissing = (errno: number | null): boolean =>
    errno !== null && errno !== 0 && errnoName(errno) === 'ESRCH'
  const witness = isMissing(pidfdErrno)
    ? 'pidfd_open'
    : controls.read && isMissing(read)
      ? 'get_robust_list'
      : null
  if (witness !== null) {
    return because('no-such-process', 'proved', 'there is no process with this number here', [
      { source: witness, result: 'ESRCH' },
    ])
  }
  // What /proc hides may have ended before, and be a zombie still.
  const wasThere = target.stat !== null || (procIsOurs && access === 'gone')
  return ended && wasThere && target.stat?.state !== 'Z'
    ? because('no-such-process', 'proved', 'it ended while it was looked at', [
        { source: 'pidfd', result: 'ended' },
      ])
    : null
}

export const kernelThread: Rule = ({ target: { stat }, circumstances: { method } }) => {
  const { traces, needsMemory } = methodRows[method]
  if (stat === null || (stat.flags & kernelThreadFlag) === 0) return null
  if (!traces && !needsMemory) return null
  return because(
    'kernel-thread',
    'proved',
    `it is a kernel thread, which ${traces ? 'no process can trace' : 'has no memory of its own'}`,
    [{ source: '/proc/PID/stat flags', result: 'PF_KTHREAD' }],
  )
}

export const itself: Rule = ({ target: { status }, circumstances: { selfPid, method } }) =>
  !methodRows[method].traces || selfPid === null || status?.threadGroup !== selfPid
    ? null
    : because('self', 'proved', 'it is the tracer itself, and no process can trace itself', [
        { source: '/proc/PID/status Tgid', result: String(selfPid) },
      ])

export const ended: Rule = ({ target: { stat } }) =>
  stat?.state === 'Z' || stat?.state === 'X'
    ? because(
        'zombie',
        'proved',
        stat.threads > 1
          ? 'its first thread has ended, and only the others, by their own numbers, can be traced'
          : 'it has ended, and its parent has not taken notice yet',
        [{ source: '/proc/PID/stat state', result: stat.state }],
      )
    : null

export const traced: Rule = (situation) => {
  const { target, examination, circumstances } = situation
  const { stat, status } = target
  const { tracerName } = examination
  // To read memory or descriptors does not make anyone a tracer, and an emulator allows more.
  if (!methodRows[circumstances.method].traces || emulatorOf(circumstances) !== null) return null
  if (status !== null && status.tracer !== 0) {
    const { tracer } = status
    const name = tracerName === '' ? `process ${tracer}` : `${tracerName} (${tracer})`
    return because('already-traced', 'proved', `${name} traces it already`, [
      { source: '/proc/PID/status TracerPid', result: String(tracer) },
    ])
  }
  // Numbers that mean nothing in this PID namespace are shown as 0 (pid_namespaces(7)).
  return stat?.state === 't'
    ? because(
        'already-traced',
        'proved',
        'a process that cannot be seen from this PID namespace traces it already',
        [{ source: '/proc/PID/stat state', result: stat.state }],
      )
    : null
}
