/** What refuses besides Yama. */

import { type FindingId, remedy } from '../../model/index.js'
import { answerOf, evidenceIf, idsOf, type Known, labelled, type Rule } from './rule.js'

/** Attempts that a control shows to end before any target was looked at. */
function filteredControls({ controls }: Known): string[] {
  return controls
    .filter(({ id, passes }) => passes === false && /^control\/(attach|seize)$/.test(id))
    .map(({ id }) => id)
}

export const refusalRules = {
  emulated: {
    when: (known) => {
      const ids = known.caller.seccomp === 'filter' ? [] : filteredControls(known)
      const { emulator } = known.host
      return evidenceIf(ids.length > 0 || emulator !== null, [...ids, 'host.emulator'])
    },
    says: (known) => {
      const [id] = filteredControls(known)
      const who = known.host.emulator ?? 'an emulator'
      return id === undefined
        ? `This process runs under ${who}, which answers system calls in the kernel's place: nothing is proved about the kernel.`
        : `ptrace answers ${answerOf(known, id)} without looking at any process, and no seccomp filter does that here: ${who} answers in the kernel's place. What debuggers can do is decided there, and nothing is proved about the kernel.`
    },
    remedies: () => [remedy('run-outside-the-emulator')],
  },
  'ptrace-filtered': {
    when: (known) => {
      const ids = known.caller.seccomp === 'filter' ? filteredControls(known) : []
      return evidenceIf(ids.length > 0, [...ids, 'caller.seccomp'])
    },
    says: (known) => {
      const [id = ''] = filteredControls(known)
      return `ptrace answers ${answerOf(known, id)} before any process is looked at, and this process has a seccomp filter: no debugger that it starts can work, whatever Yama allows.`
    },
    remedies: ({ host }) =>
      host.container === null
        ? [remedy('seccomp-allow-ptrace')]
        : [remedy('seccomp-allow-ptrace'), remedy('seccomp-default-profile')],
  },
  'consent-filtered': {
    when: ({ scope, controls }) => {
      const yama = controls.find(({ id }) => id === 'control/yama')
      return evidenceIf(scope.yama === null && yama?.passes === false, [
        'control/yama',
        'caller.seccomp',
      ])
    },
    says: (known) =>
      `PR_SET_PTRACER answers ${answerOf(known, 'control/yama')}, and it may be something before the kernel that answers so, such as a seccomp filter or an emulator: no target can name its tracer here, and scope 0 looks like a kernel without Yama.`,
  },
  'mandatory-access-control': {
    when: (known) => {
      const ids = idsOf(
        known.observations.filter(
          ({ status, syscall, errno, id }) =>
            status === 'denied' &&
            syscall === 'ptrace' &&
            errno === 'EACCES' &&
            known.controls.some(
              (control) =>
                control.passes === true && id.endsWith(control.id.replace('control', '')),
            ),
        ),
      )
      return evidenceIf(ids.length > 0, [...ids, 'caller.label'])
    },
    says: ({ caller }) =>
      `ptrace is refused with EACCES, which a mandatory access control module such as SELinux, AppArmor or Smack answers and Yama never does${labelled(caller)}.`,
  },
  'deny-ptrace': {
    when: ({ host, observations }) =>
      evidenceIf(host.denyPtrace === true, [
        'host.denyPtrace',
        ...idsOf(
          observations.filter(({ status, errno }) => status === 'denied' && errno === 'EACCES'),
        ),
      ]),
    says: () =>
      'SELinux’s boolean deny_ptrace is on: the policy denies ptrace on the whole machine, to root as well, whatever the scope of Yama is. It counts while SELinux is enforcing.',
    remedies: () => [remedy('selinux-deny-ptrace-off')],
  },
  'another-rule': {
    when: ({ scope: { enforced }, observations, controls }) =>
      evidenceIf(
        enforced.name === 'undetermined' &&
          enforced.candidates.length === 0 &&
          // What could not be tried is no refusal.
          observations.some(
            ({ id, status }) => status === 'denied' && enforced.evidence.includes(id),
          ) &&
          controls.some(
            ({ id, errno }) => id === 'control/yama' && (errno === null || errno === 'EINVAL'),
          ),
        enforced.evidence,
      ),
    says: () =>
      'Access is refused in a way that is none of Yama’s modes: another security module decides here, or a seccomp filter that refuses some calls only.',
  },
} as const satisfies { readonly [id in FindingId]?: Rule }
