/** What is special about the process that asked. */

import { type FindingId, holdsSysPtrace, namedScope, remedy } from '../../model/index.js'
import { evidenceIf, idsOf, labelled, type Rule } from './rule.js'

export const callerRules = {
  'caller-not-dumpable': {
    when: ({ caller }) => evidenceIf(!caller.dumpable, ['caller.dumpable']),
    says: () =>
      'This process is not dumpable (it changed its ids, or its binary has file capabilities or cannot be read): no process without CAP_SYS_PTRACE can attach to it at any scope.',
    remedies: () => [remedy('exec-after-setuid')],
  },
  'caller-traced': {
    when: ({ caller, observations }) =>
      evidenceIf((caller.tracerPid ?? 0) !== 0, [
        'caller.tracerPid',
        ...idsOf(observations.filter(({ step }) => step === 'traced')),
      ]),
    says: ({ caller, observations }) => {
      const hit = observations.filter(({ step }) => step === 'traced').length
      const effect =
        hit === 0
          ? 'its own processes were not, so the measurement stands'
          : `so were its processes: ${hit} attempts with ptrace say nothing, and the verdict rests on the other methods`
      return `This process is traced by process ${caller.tracerPid}; ${effect}.`
    },
    remedies: () => [remedy('run-untraced')],
  },
  'capability-withheld': {
    when: ({ caller: { capSysPtrace } }) =>
      evidenceIf(capSysPtrace.effective && capSysPtrace.granted === false, [
        'caller.capSysPtrace',
        'caller/child/read',
        'caller/child/read-protected',
        'caller.label',
      ]),
    says: ({ caller }) =>
      `CAP_SYS_PTRACE is in the effective set of this process, but the kernel does not grant it: a security module withholds it${labelled(caller)}.`,
    remedies: ({ host }) => (host.lsm?.includes('selinux') ? [remedy('selinux-rule')] : []),
  },
  'caller-capable': {
    when: ({ caller }) => evidenceIf(holdsSysPtrace(caller.capSysPtrace), ['caller.capSysPtrace']),
    says: ({ scope: { enforced, effective } }) =>
      enforced.value !== null && effective.value !== null && effective.value < enforced.value
        ? `This process has CAP_SYS_PTRACE and gets more than ordinary users do: scope ${namedScope(effective.value)} for it, ${namedScope(enforced.value)} for them.`
        : 'This process has CAP_SYS_PTRACE; what ordinary users get is measured without it.',
  },
  'child-user-namespace': {
    when: ({ caller }) => evidenceIf(caller.userNamespace === 'child', ['caller.userNamespace']),
    says: () =>
      'This process lives in a user namespace of its own: its capabilities count for processes inside it only.',
  },
} as const satisfies { readonly [id in FindingId]?: Rule }
