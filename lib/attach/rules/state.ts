import { errnoName } from '../../model/index.js'
import { because, type Rule } from './rule.js'

/** PF_KTHREAD (include/linux/sched.h), in the flags of proc_pid_stat(5). */
export const kernelThreadFlag = 0x00200000

export const filtered: Rule = ({ circumstances: { controls } }) =>
  controls.ptrace === null
    ? null
    : because(
        controls.ptrace.filtered ? 'seccomp' : 'undetermined',
        controls.ptrace.filtered ? 'proved' : 'undetermined',
        `ptrace itself answers ${controls.ptrace.answer} before any process is looked at${controls.ptrace.filtered ? ', because of a seccomp filter' : ''}`,
        [{ source: 'ptrace of no process', result: controls.ptrace.answer }],
      )

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

export const kernelThread: Rule = ({ target: { stat } }) =>
  stat === null || (stat.flags & kernelThreadFlag) === 0
    ? null
    : because('kernel-thread', 'proved', 'it is a kernel thread, which no process can trace', [
        { source: '/proc/PID/stat flags', result: 'PF_KTHREAD' },
      ])

export const itself: Rule = ({ target: { status }, circumstances: { selfPid } }) =>
  selfPid === null || status?.threadGroup !== selfPid
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

export const traced: Rule = ({ target: { stat, status }, examination: { tracerName } }) => {
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
