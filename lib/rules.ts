import { capabilityNames, hasSysPtrace } from './capabilities.js'
import { type Case, initialUserNamespace } from './case.js'
import { errnoName } from './names.js'
import type { Cause, Evidence } from './types.js'
import type { CauseId, Certainty } from './vocabulary.js'

/** Answers with a cause when the rule refuses this tracer this target. */
export type Rule = (known: Case) => Cause | null

function because(
  id: CauseId,
  certainty: Certainty,
  message: string,
  evidence: readonly Evidence[],
): Cause {
  return { id, certainty, message, evidence }
}

/** PF_KTHREAD (include/linux/sched.h), in the flags of proc_pid_stat(5). */
const kernelThreadFlag = 0x00200000

/**
 * Rules that refuse whatever access would be granted (kernel/ptrace.c, ptrace_attach()), and the
 * filter in front of all.
 */
export const stateRules: readonly Rule[] = [
  ({ circumstances: { controls } }) =>
    controls.ptrace === null
      ? null
      : because(
          controls.ptrace.filtered ? 'seccomp' : 'undetermined',
          controls.ptrace.filtered ? 'proved' : 'undetermined',
          `ptrace itself answers ${controls.ptrace.answer} before any process is looked at${controls.ptrace.filtered ? ', because of a seccomp filter' : ''}`,
          [{ oracle: 'ptrace of no process', result: controls.ptrace.answer }],
        ),
  ({ examination, circumstances: { controls }, target, access }) => {
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
        { oracle: witness, result: 'ESRCH' },
      ])
    }
    // What /proc hides may have ended before, and be a zombie still.
    const wasThere = target.state !== undefined || (procIsOurs && access === 'gone')
    return ended && wasThere && target.state !== 'Z'
      ? because('no-such-process', 'proved', 'it ended while it was looked at', [
          { oracle: 'pidfd', result: 'ended' },
        ])
      : null
  },
  ({ target: { flags = 0 } }) =>
    (flags & kernelThreadFlag) === 0
      ? null
      : because('kernel-thread', 'proved', 'it is a kernel thread, which nobody can trace', [
          { oracle: '/proc/PID/stat flags', result: 'PF_KTHREAD' },
        ]),
  ({ target: { threadGroup }, circumstances: { selfPid } }) =>
    selfPid === null || threadGroup !== selfPid
      ? null
      : because('self', 'proved', 'it is the tracer itself, and no process can trace itself', [
          { oracle: '/proc/PID/status Tgid', result: String(selfPid) },
        ]),
  ({ target: { state = '', threads = 1 } }) =>
    state === 'Z' || state === 'X'
      ? because(
          'zombie',
          'proved',
          threads > 1
            ? 'its first thread has ended, and only the others, by their own numbers, can be traced'
            : 'it has ended, and its parent has not taken notice yet',
          [{ oracle: '/proc/PID/stat state', result: state }],
        )
      : null,
  ({ target: { state, tracer = 0 }, examination: { tracerName } }) => {
    if (tracer !== 0) {
      const name = tracerName === '' ? `process ${tracer}` : `${tracerName} (${tracer})`
      return because('already-traced', 'proved', `${name} traces it already`, [
        { oracle: '/proc/PID/status TracerPid', result: String(tracer) },
      ])
    }
    // Numbers that mean nothing in this PID namespace are shown as 0 (pid_namespaces(7)).
    return state === 't'
      ? because(
          'already-traced',
          'proved',
          'a process that cannot be seen from this PID namespace traces it already',
          [{ oracle: '/proc/PID/stat state', result: state }],
        )
      : null
  },
]

const idKinds = ['real', 'effective', 'saved'] as const

/** The target's ids that are not `own`, in words: all three are one where they are equal. */
function idsBeside(name: string, ids: readonly number[], own: number): string[] {
  if (ids.every((id) => id === ids[0])) return ids[0] === own ? [] : [`${name} is ${ids[0]}`]
  return idKinds.flatMap((kind, i) => (ids[i] === own ? [] : [`${kind} ${name} is ${ids[i]}`]))
}

/** PF_EXITING (include/linux/sched.h): without memory, which the flag belongs to. */
const exitingFlag = 0x4

function isNotDumpable({ target }: Case): boolean {
  const { ownerErrno, directoryUid, filesUid, state, flags = 0 } = target
  const hasMemory = state !== 'Z' && (flags & exitingFlag) === 0
  return ownerErrno === 0 && directoryUid !== filesUid && hasMemory
}

/** The files of what is not dumpable belong to root: those of root tell nothing. */
function mayNotBeDumpable({ target: { ownerErrno, filesUid } }: Case): boolean {
  return ownerErrno !== 0 || filesUid === 0
}

/**
 * What counts is the namespace in which the target was executed. It may be further out than the one
 * that it lives in, and then its root, to whom the files belong, is not the tracer's.
 */
function capableOverMemory({ self, target, capable }: Case): boolean | null {
  const isOurs = self.userNamespace === initialUserNamespace || target.filesUid === 0
  return capable === true && !isOurs ? false : capable
}

/** In a map, the id of whoever is outside of the reader's own namespace. */
const unmapped = '4294967295'

/**
 * Whoever made a namespace has every capability over it, and that cannot be seen. A target in it
 * that is not dumpable is refused to its maker all the same, unless it was executed there.
 */
function mayHaveMadeNamespace(known: Case): boolean {
  const { self, target, capable } = known
  const same = (ids: readonly number[] | undefined, own: number | undefined): boolean =>
    ids?.every((id) => id === own) === true
  return (
    known.oneNamespace === false &&
    capable === null &&
    !hasSysPtrace(self.capEffective ?? 0n) &&
    isNotDumpable(known) &&
    same(target.uids, self.uids?.[0]) &&
    same(target.gids, self.gids?.[0]) &&
    target.uidMap?.trim().split(/\s+/)[1] !== unmapped
  )
}

/**
 * Rules about credentials: for READ and ATTACH alike, and lifted by CAP_SYS_PTRACE over the
 * target's user namespace (ptrace(2), "Ptrace access mode checking", steps 3 to 5).
 */
export const credentialRules: readonly Rule[] = [
  (known) => {
    const { uids, gids } = known.target
    const [uid] = known.self.uids ?? []
    const [gid] = known.self.gids ?? []
    if (!uids || !gids || uid === undefined || gid === undefined) return null
    const differing = [...idsBeside('uid', uids, uid), ...idsBeside('gid', gids, gid)]
    if (differing.length === 0) return null
    return credential(
      known,
      'owner',
      `its ${list(differing)}, but the tracer has uid ${uid} and gid ${gid}`,
      [{ oracle: '/proc/PID/status Uid, Gid', result: `${uids.join(' ')}, ${gids.join(' ')}` }],
    )
  },
  (known) => {
    const { directoryUid, filesUid } = known.target
    if (!isNotDumpable(known)) return null
    return credential(
      { ...known, capable: capableOverMemory(known) },
      'not-dumpable',
      'it is not dumpable (it changed its ids, has file capabilities, cannot be read, or asked for it)',
      [
        {
          oracle: 'owners of /proc/PID and /proc/PID/stat',
          result: `${directoryUid}, ${filesUid}`,
        },
      ],
    )
  },
  (known) => {
    const { self, target, oneNamespace } = known
    if (self.capPermitted === undefined || target.capPermitted === undefined) return null
    const missing = target.capPermitted & ~self.capPermitted
    if (missing === 0n || oneNamespace === false) return null
    return credential(
      known,
      'capabilities',
      `it holds ${list(capabilityNames(missing))}, which the tracer does not`,
      [{ oracle: '/proc/PID/status CapPrm', result: target.capPermitted.toString(16) }],
    )
  },
  (known) =>
    known.oneNamespace === false && !mayHaveMadeNamespace(known)
      ? credential(
          known,
          'user-namespace',
          'it lives in another user namespace, over which the tracer has no CAP_SYS_PTRACE',
          [
            {
              oracle: '/proc/PID/uid_map',
              result: (known.target.uidMap ?? '').trim().replace(/\s+/g, ' '),
            },
          ],
        )
      : null,
]

function credential(
  known: Case,
  id: CauseId,
  message: string,
  evidence: readonly Evidence[],
): Cause | null {
  const { access, read, capable } = known
  // Where READ is granted, no rule about credentials refuses.
  if (access !== 'refused' || read === true || capable === true) return null
  // Whoever owns the target's namespace has every capability over it, and ownership cannot be seen:
  // then it takes the absence of any other suspect to blame credentials.
  if (capable === null && moduleMayRefuse(known)) return null
  return because(id, read === false ? 'proved' : 'inferred', message, evidence)
}

/** A module that refuses READ as well may have a say. */
function moduleMayRefuse(known: Case): boolean {
  return known.circumstances.controls.landlockDomains !== 0 || macMayRefuse(known)
}

/** False: by what is known of it, Yama does not refuse. */
function yamaMayRefuse(known: Case): boolean {
  const { scope, controls, selfPid } = known.circumstances
  if (scope === 0 || (scope === null && controls.yama === false)) return false
  if (scope === null || scope === 3) return true
  if (known.capable === true || mayHaveMadeNamespace(known)) return false
  const ancestors = known.examination.ancestors ?? []
  return scope === 2 || !ancestors.some(({ pid }) => pid === selfPid)
}

/**
 * Whether the mode that the kernel shows refuses this tracer this target
 * (Documentation/admin-guide/LSM/Yama.rst). Exceptions made with PR_SET_PTRACER cannot be seen, but
 * where one helped, access was granted.
 */
export const yamaRule: Rule = (known) => {
  const { access, read, circumstances, examination, target } = known
  const { scope, controls } = circumstances
  if (access !== 'refused' || target.state === 'Z' || !yamaMayRefuse(known)) return null
  if (controls.yama === false || scope === null || scope === 0) return null
  if (scope < 3 && known.self.capEffective === undefined) return null
  // Without READ access as a contrast, what cannot be seen of the target may refuse as well.
  if (read === null && target.statusErrno !== 0) return null
  const ancestors = examination.ancestors ?? []
  const evidence: Evidence[] = [
    ...(controls.yama === true ? [{ oracle: 'prctl(PR_SET_PTRACER, 0)', result: 'success' }] : []),
    { oracle: '/proc/sys/kernel/yama/ptrace_scope', result: String(scope) },
    ...(read === null ? [] : [{ oracle: 'get_robust_list', result: read ? 'success' : 'EPERM' }]),
  ]
  // READ granted and ATTACH refused is Yama's mark, and that of a MAC module. Modes 2 and 3 know no
  // exception, so what they refuse they refuse whoever else does.
  const certain = read === true && controls.yama === true && (scope > 1 || !macMayRefuse(known))
  const certainty = certain ? 'proved' : 'inferred'
  switch (scope) {
    case 1: {
      const chain = ancestors.map(({ pid, name }) => `${name} (${pid})`).join(', ') || 'none'
      return because(
        'yama-restricted',
        certainty,
        `Yama lets a process attach only to its descendants (scope 1), and this one descends from others ${
          read === true ? 'and did not name' : 'and may not have named'
        } the tracer with PR_SET_PTRACER`,
        [...evidence, { oracle: 'ancestors', result: chain }],
      )
    }
    case 2:
      return because(
        'yama-admin-only',
        certainty,
        'Yama lets only holders of CAP_SYS_PTRACE attach (scope 2)',
        evidence,
      )
    case 3:
      return because(
        'yama-no-attach',
        certainty,
        'Yama lets nobody attach before the next boot (scope 3)',
        evidence,
      )
  }
}

/** user:role:type, perhaps with a level. */
export function isSelinuxContext(label: string): boolean {
  return /^[^:\s]+:[^:\s]+:[^:\s]+/.test(label)
}

const macNames = { selinux: 'SELinux', apparmor: 'AppArmor', smack: 'Smack' } as const
type Mac = keyof typeof macNames

/** How each module's labels look in /proc/PID/attr/current, where they confine anything. */
const confining: Readonly<Record<Mac, (label: string) => boolean>> = {
  selinux: isSelinuxContext,
  // A profile with its mode; what is unconfined has none, or a profile that says so.
  apparmor: (label) => / \((?!unconfined)[a-z]+\)$/.test(label),
  // Any word: told from nothing only where Smack is known to be there.
  smack: (label) => label !== '',
}

/** Modules that have a say about this tracer and this target. */
function concernedMacs({ circumstances: { lsm, selinux }, self, target }: Case): Mac[] {
  const labels = [self.label ?? '', target.label ?? '']
  return (Object.keys(macNames) as Mac[]).filter((mac) => {
    const active = lsm === null ? mac !== 'smack' : lsm.includes(mac)
    const grants = mac === 'selinux' && selinux?.attach === true
    return active && !grants && labels.some(confining[mac])
  })
}

function macMayRefuse(known: Case): boolean {
  return concernedMacs(known).length > 0
}

/** What SELinux says when it is asked. */
export const selinuxRule: Rule = ({ access, circumstances: { selinux }, self, target }) =>
  access !== 'refused' || target.state === 'Z' || selinux?.attach !== false
    ? null
    : because(
        'selinux',
        'proved',
        "SELinux's policy lets no process of the tracer's context trace one of this context",
        [
          ...contextsOf(self, target),
          { oracle: '/sys/fs/selinux/access process ptrace', result: 'refused' },
        ],
      )

function contextsOf(self: Case['self'], target: Case['target']): Evidence[] {
  return [
    { oracle: '/proc/self/attr/current', result: self.label ?? '' },
    { oracle: '/proc/PID/attr/current', result: target.label ?? '' },
  ]
}

/**
 * What is left when no rule about credentials refuses, nor Yama where READ is granted. Oracles answer
 * alike for every module, so one is named only where it alone can be meant.
 */
export const moduleRule: Rule = (known) => {
  const { access, read, capable, circumstances, self, target } = known
  if (access !== 'refused' || target.state === 'Z') return null
  // READ refused, and credentials may be the reason: nobody can be blamed.
  const isVisible = target.statusErrno === 0 && (capable === true || !mayNotBeDumpable(known))
  if (read === false && (capable === null || !isVisible)) return null
  // READ granted, and Yama may be the reason.
  if (read !== false && yamaMayRefuse(known)) return null
  const domains = circumstances.controls.landlockDomains
  const [mac, ...others] = concernedMacs(known)
  if (mac !== undefined && others.length === 0 && domains === 0) {
    return because(
      mac,
      'inferred',
      `${macNames[mac]} confines the tracer or the target and refuses`,
      contextsOf(self, target),
    )
  }
  // Landlock refuses READ as well.
  if (mac === undefined && read === false && domains !== null && domains > 0) {
    return because(
      'landlock',
      'inferred',
      'the tracer is in a Landlock domain, and this process is outside',
      [{ oracle: 'landlock_restrict_self', result: `${domains} of 16 layers in use` }],
    )
  }
  // Nothing but security modules tells READ from ATTACH.
  if (mac === undefined && read === true) {
    return because('lsm', 'inferred', 'a security module that cannot be named refuses it', [
      { oracle: 'get_robust_list', result: 'success' },
    ])
  }
  return null
}

function list(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? ''
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}
