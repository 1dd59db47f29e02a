/** What the scope is, and whether the kernel and its file agree on it. */

import { declaredDiffers, enableYama, type FindingId, remedy } from '../../model/index.js'
import { evidenceIf, type Known, type Rule } from './rule.js'

/** Why the owner of a user namespace does not tell scope 2 from 3. */
function ownerTrouble({ observations, host }: Known): string {
  const untried = observations.find(
    ({ identity, step }) => identity === 'owner' && step === 'unshare',
  )
  if (untried === undefined) return 'a tracer that owns a user namespace showed no difference'
  const answer = `may not create a user namespace to have one in (unshare: ${untried.errno ?? untried.signal})`
  return host.namespaceLimits.length > 0
    ? `${answer}, because of ${host.namespaceLimits.join(' and ')}`
    : `${answer}, which no sysctl that can be read forbids: a seccomp filter, a chroot or a security module may`
}

function undecidable({ scope }: Known): boolean {
  return scope.enforced.candidates.join() === '2,3'
}

export const scopeRules = {
  'declared-differs': {
    when: ({ scope }) =>
      evidenceIf(declaredDiffers(scope), [...scope.enforced.evidence, 'scope.declared']),
    says: ({ scope: { enforced, declared } }) =>
      `${declared.source} says ${declared.value}, but processes experience ${
        enforced.name === 'no-yama' ? 'a kernel without Yama' : enforced.candidates.join(' or ')
      }: the configured value is not what is enforced here.`,
    remedies: ({ host }) => (host.container === null ? [] : [remedy('probe-the-host')]),
  },
  'no-yama': {
    when: ({ scope: { enforced } }) => evidenceIf(enforced.name === 'no-yama', enforced.evidence),
    says: () =>
      'Yama is not active in this kernel: a process may attach to every other process of the same user, except to those that are not dumpable or hold more capabilities, and kernel.yama.ptrace_scope cannot be set.',
    remedies: ({ host }) => [enableYama(host.lsm)],
  },
  unrestricted: {
    when: ({ scope: { enforced } }) => evidenceIf(enforced.value === 0, enforced.evidence),
    says: () =>
      'Yama is active but set to 0 (classic): a process may attach to every other process of the same user and read its memory, except to those that are not dumpable or hold more capabilities.',
    // The value is not namespaced: from inside a container it cannot be set.
    remedies: ({ host, caller }) =>
      host.container === null && caller.userNamespace !== 'child' ? [remedy('scope-1-now')] : [],
  },
  'scope-undecided': {
    when: (known) =>
      evidenceIf(undecidable(known), [...known.scope.enforced.evidence, 'host.namespaceLimits']),
    says: (known) =>
      `Scope 2 (admin-only) and 3 (no-attach) look alike to this process: it has no CAP_SYS_PTRACE that it can use, and ${ownerTrouble(known)}.`,
    remedies: () => [remedy('measure-as-root')],
  },
  'no-attach-latched': {
    when: ({ scope: { enforced } }) => evidenceIf(enforced.value === 3, enforced.evidence),
    says: () =>
      'Scope 3 holds until the next boot: the kernel refuses every lower value, and root may not attach either.',
    remedies: () => [remedy('reboot')],
  },
  'host-value': {
    when: ({ host, scope }) =>
      evidenceIf(host.container !== null && scope.declared.value !== null, [
        'host.container',
        'scope.declared',
      ]),
    says: ({ host, scope }) =>
      `This is a container (${host.container}): kernel.yama.ptrace_scope is not namespaced, so ${scope.declared.value} is the host’s value and can be changed only there.`,
  },
} as const satisfies { readonly [id in FindingId]?: Rule }
