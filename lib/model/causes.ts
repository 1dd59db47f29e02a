/**
 * THE table of causes, one row each, about in the order in which the kernel asks: a rule that stands
 * further up refuses first. `because` completes the sentence "The tracer is refused because ...".
 */
const table = [
  {
    id: 'seccomp',
    because: 'a seccomp filter answers ptrace before the kernel looks at any process',
  },
  { id: 'no-such-process', because: 'there is no such process here, or it ended meanwhile' },
  { id: 'kernel-thread', because: 'it is a thread of the kernel' },
  { id: 'self', because: 'it is the tracer itself, or a thread of it' },
  {
    id: 'owner',
    because: "one of its real, effective and saved uids and gids is not the tracer's",
  },
  {
    id: 'not-dumpable',
    because: 'it is not dumpable: changed ids, file capabilities, or its own request',
  },
  {
    id: 'capabilities',
    because: "its permitted set holds a capability that the tracer's does not",
  },
  {
    id: 'user-namespace',
    because: 'it lives in another user namespace, over which the tracer has no `CAP_SYS_PTRACE`',
  },
  {
    id: 'landlock',
    because: 'the tracer is in a Landlock domain and the target outside; always inferred',
  },
  {
    id: 'yama-restricted',
    because: 'scope 1: it is no descendant of the tracer and has not named it',
  },
  { id: 'yama-admin-only', because: 'scope 2: the tracer lacks `CAP_SYS_PTRACE`' },
  { id: 'yama-no-attach', because: 'scope 3: no process may attach' },
  {
    id: 'selinux',
    because:
      "SELinux's policy says so when it is asked; inferred where it cannot be asked, a context is there, and no other rule explains it",
  },
  {
    id: 'apparmor',
    because:
      'an AppArmor profile confines one of the two, and no other rule explains it; always inferred',
  },
  {
    id: 'smack',
    because:
      'Smack is known to be active, one of the two has a label, and no other rule explains it; always inferred',
  },
  {
    id: 'lsm',
    because: 'a security module that cannot be named, such as a BPF program; always inferred',
  },
  { id: 'zombie', because: 'it has ended and its parent has not waited for it' },
  { id: 'already-traced', because: 'it has a tracer' },
  {
    id: 'undetermined',
    because: 'no rule that can be seen explains the refusal, or no question could be asked',
  },
] as const

/** Which rule refused. */
export type CauseId = (typeof table)[number]['id']

/** The causes with what the documents say of each. */
export const causeTable: readonly { readonly id: CauseId; readonly because: string }[] = table

/** What can refuse a tracer its target, about in the order in which the kernel asks. */
export const causes: readonly CauseId[] = table.map(({ id }) => id)
