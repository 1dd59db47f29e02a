import { keysOf } from './tables.js'

/** How bad it is: `info` explains, `warning` weakens a statement or a machine, `error` contradicts. */
export type Level = 'info' | 'warning' | 'error'

interface FindingRow {
  readonly level: Level
  /** What it says, in short, for the guide. */
  readonly about: string
  /** Where the rule behind it is documented. */
  readonly source: string
}

const yama = 'https://docs.kernel.org/admin-guide/LSM/Yama.html'
const man = 'https://man7.org/linux/man-pages'

/**
 * THE table of findings: one row each, all that is said of it. `lib/probe/findings` has when it
 * applies. Of the same level, the one that stands further up is printed first.
 */
export const findingRows = {
  'declared-differs': {
    level: 'error',
    about: "the kernel's file says something else than what is enforced",
    source: yama,
  },
  'no-yama': {
    level: 'warning',
    about: 'Yama is not active, so it protects no process from another',
    source: yama,
  },
  unrestricted: { level: 'warning', about: 'Yama is active but at scope 0', source: yama },
  emulated: {
    level: 'warning',
    about: "an emulator answers in the kernel's place, so nothing is proved about the kernel",
    source: `${man}/man2/ptrace.2.html`,
  },
  'ptrace-filtered': {
    level: 'warning',
    about: 'a seccomp filter answers ptrace before any process is looked at',
    source: `${man}/man2/seccomp.2.html`,
  },
  'consent-filtered': {
    level: 'warning',
    about: '`PR_SET_PTRACER` may have been answered by a filter, so that Yama itself was not asked',
    source: `${man}/man2/seccomp.2.html`,
  },
  'mandatory-access-control': {
    level: 'warning',
    about: 'ptrace answered `EACCES`, as SELinux, AppArmor or Smack do',
    source: `${man}/man2/ptrace.2.html`,
  },
  'deny-ptrace': {
    level: 'warning',
    about:
      "SELinux's boolean `deny_ptrace` is on, so its policy denies ptrace on the whole machine",
    source: 'https://fedoraproject.org/wiki/Features/SELinuxDenyPtrace',
  },
  'another-rule': {
    level: 'warning',
    about: "the refusals fit none of Yama's modes",
    source: `${man}/man2/ptrace.2.html`,
  },
  'caller-not-dumpable': {
    level: 'warning',
    about: 'the calling process is not dumpable',
    source: `${man}/man2/ptrace.2.html`,
  },
  'caller-traced': {
    level: 'warning',
    about: 'the calling process has a tracer',
    source: `${man}/man2/ptrace.2.html`,
  },
  'measurement-incomplete': {
    level: 'warning',
    about: 'some attempts were inconclusive',
    source: `${man}/man2/ptrace.2.html`,
  },
  'kernel-log-quiet': {
    level: 'info',
    about: 'nothing was asked that Yama would write to the kernel’s log when it refuses',
    source: yama,
  },
  'scope-undecided': {
    level: 'info',
    about: 'scopes 2 and 3 could not be told apart, and what stands in the way',
    source: yama,
  },
  'no-attach-latched': { level: 'info', about: 'scope 3 lasts until the next boot', source: yama },
  'capability-withheld': {
    level: 'warning',
    about: 'the calling process shows `CAP_SYS_PTRACE`, but a security module withholds it',
    source: `${man}/man7/capabilities.7.html`,
  },
  'caller-capable': {
    level: 'info',
    about: 'the calling process has `CAP_SYS_PTRACE`',
    source: `${man}/man7/capabilities.7.html`,
  },
  'child-user-namespace': {
    level: 'info',
    about: 'the calling process is in a user namespace of its own',
    source: `${man}/man7/user_namespaces.7.html`,
  },
  'host-value': {
    level: 'info',
    about: 'the declared value belongs to the host of this container',
    source: yama,
  },
} as const satisfies Readonly<Record<string, FindingRow>>

/** The stable name of a finding, such as `declared-differs`. */
export type FindingId = keyof typeof findingRows

/** Every finding, in the order of the table. */
export const findingIds = keysOf(findingRows)
