import { keysOf } from './tables.js'

interface CauseRow {
  /** What a pop-up has room for: at most 80 characters. */
  readonly title: string
  /** Completes the sentence "The tracer is refused because ...". */
  readonly because: string
}

/**
 * THE table of causes, one row each, about in the order in which the kernel asks: a rule that stands
 * further up refuses first.
 */
export const causeRows = {
  seccomp: {
    title: 'A seccomp filter refuses ptrace',
    because: 'a seccomp filter answers ptrace before the kernel looks at any process',
  },
  'no-such-process': {
    title: 'There is no such process',
    because: 'there is no such process here, or it ended meanwhile',
  },
  'kernel-thread': {
    title: 'Threads of the kernel cannot be attached to',
    because: 'it is a thread of the kernel',
  },
  self: {
    title: 'A process cannot attach to itself',
    because: 'it is the tracer itself, or a thread of it',
  },
  owner: {
    title: 'It runs as another user or group',
    because: "one of its real, effective and saved uids and gids is not the tracer's",
  },
  'not-dumpable': {
    title: 'It is not dumpable, so it is protected from its own user',
    because: 'it is not dumpable: changed ids, file capabilities, or its own request',
  },
  capabilities: {
    title: 'It holds capabilities that the tracer lacks',
    because: "its permitted set holds a capability that the tracer's does not",
  },
  'user-namespace': {
    title: 'It lives in another user namespace',
    because: 'it lives in another user namespace, over which the tracer has no `CAP_SYS_PTRACE`',
  },
  landlock: {
    title: 'A Landlock domain confines the tracer',
    because: 'the tracer is in a Landlock domain and the target outside; always inferred',
  },
  'yama-restricted': {
    title: 'Yama lets a process attach only to its descendants (scope 1)',
    because: 'scope 1: it is no descendant of the tracer and has not named it',
  },
  'yama-admin-only': {
    title: 'Yama lets only CAP_SYS_PTRACE attach (scope 2)',
    because: 'scope 2: the tracer lacks `CAP_SYS_PTRACE`',
  },
  'yama-no-attach': {
    title: 'Yama lets no process attach until a reboot (scope 3)',
    because: 'scope 3: no process may attach',
  },
  selinux: {
    title: 'SELinux refuses it',
    because:
      "SELinux's policy says so when it is asked; inferred where it cannot be asked, a context is there, and no other rule explains it",
  },
  apparmor: {
    title: 'AppArmor refuses it',
    because:
      'an AppArmor profile confines one of the two, and no other rule explains it; always inferred',
  },
  smack: {
    title: 'Smack refuses it',
    because:
      'Smack is known to be active, one of the two has a label, and no other rule explains it; always inferred',
  },
  lsm: {
    title: 'A security module refuses it',
    because: 'a security module that cannot be named, such as a BPF program; always inferred',
  },
  zombie: {
    title: 'It has ended already',
    because: 'it has ended and its parent has not waited for it',
  },
  'already-traced': {
    title: 'It has a tracer already',
    because: 'it has a tracer',
  },
  undetermined: {
    title: 'Refused, and no rule that can be seen explains it',
    because: 'no rule that can be seen explains the refusal, or no question could be asked',
  },
} as const satisfies Readonly<Record<string, CauseRow>>

/** Which rule refused. */
export type CauseId = keyof typeof causeRows

/** What can refuse a tracer its target, about in the order in which the kernel asks. */
export const causes = keysOf(causeRows)

/** The titles of the answers that are no refusal, at most 80 characters each. */
export const answerTitles = {
  allowed: 'Access is allowed',
  undetermined: 'Whether access is allowed could not be found out',
} as const
