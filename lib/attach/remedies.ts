import { type CauseId, fedoraPackage, type Remedy, remedy } from '../model/index.js'
import { attachCommand } from './attach-command.js'
import type { Surroundings } from './surroundings.js'
import type { BareVerdict } from './verdict.js'

interface Choice {
  /** Causes that it overcomes. It is offered only where it overcomes all that were found. */
  readonly overcomes: readonly CauseId[]
  /** False: it would change nothing here. */
  readonly applies?: (surroundings: Surroundings) => boolean
  /** The row of the table; null where a value for it is not known. */
  readonly offer: (verdict: BareVerdict, surroundings: Surroundings) => Remedy | null
}

const onHost = ({ container, childNamespace }: Surroundings): boolean =>
  container === null && !childNamespace
const inContainer = ({ container }: Surroundings): boolean => container !== null
/** In a container whose processes could be given the capability. */
const mayBeGranted = (surroundings: Surroundings): boolean =>
  inContainer(surroundings) && !surroundings.capable
/** Where a program can be started that has more rights than the tracer. */
const canGain = (surroundings: Surroundings): boolean =>
  onHost(surroundings) && !surroundings.sealed && !surroundings.capable
/** Where that program would then have every capability, and nothing else refuses it. */
const canBeRoot = (surroundings: Surroundings): boolean =>
  canGain(surroundings) && !surroundings.rootRefused
/** On the host, where no program that the tracer starts can have more rights. */
const cannotGain = (surroundings: Surroundings): boolean =>
  onHost(surroundings) && surroundings.sealed && !surroundings.capable

/** What CAP_SYS_PTRACE in the tracer's own user namespace overcomes. */
const lackOfCapability: readonly CauseId[] = [
  'owner',
  'not-dumpable',
  'capabilities',
  'yama-restricted',
  'yama-admin-only',
]
/** The same on the host, where it counts for every other user namespace, too. */
const lackOnHost: readonly CauseId[] = [...lackOfCapability, 'user-namespace']

/** Where these refuse, READ access is refused, too: nothing shows what root would meet after them. */
const hidesOthers: readonly CauseId[] = ['owner', 'not-dumpable', 'capabilities', 'user-namespace']
const onlyRootCanAsk = '; only root can ask whether root is refused, too, so the command asks first'

/** What may refuse one thread of a process, and not the first. */
const ofOneThread: readonly CauseId[] = [
  ...lackOnHost,
  'already-traced',
  'landlock',
  'selinux',
  'apparmor',
  'smack',
  'lsm',
]

/**
 * What is offered for which causes, least privilege first. Nothing is offered that would not help,
 * and nothing sets a file capability on a debugger: `setcap cap_sys_ptrace+ep` would let every user
 * attach to everything.
 */
const choices: readonly Choice[] = [
  { overcomes: ['yama-restricted'], offer: () => remedy('start-under-debugger') },
  {
    overcomes: ['yama-restricted'],
    applies: ({ inShell }) => inShell,
    offer: ({ pid }) => remedy('exec-in-the-shell', { pid }),
  },
  {
    // Also where a filter is, unshare(2) may work; but that is not known.
    overcomes: ['yama-admin-only'],
    applies: (surroundings) =>
      onHost(surroundings) && surroundings.namespaces && !surroundings.capable,
    offer: () => remedy('start-in-a-namespace'),
  },
  {
    overcomes: ofOneThread,
    offer: ({ pid, causes }) =>
      causes.every(({ thread }) => thread !== undefined)
        ? remedy('attach-to-one-thread', { pid })
        : null,
  },
  { overcomes: ['already-traced'], offer: () => remedy('detach-other-tracer') },
  {
    overcomes: ['owner'],
    applies: ({ maySwitch, capable, childNamespace }) => maySwitch && !capable && !childNamespace,
    offer: ({ pid }, { owner }) => owner && remedy('become-owner', { ...owner, pid }),
  },
  {
    overcomes: ['owner'],
    applies: ({ sealed }) => !sealed,
    offer: ({ pid }, { group }) =>
      group === null ? null : remedy('join-the-group', { group, pid }),
  },
  {
    overcomes: ['user-namespace'],
    applies: ({ childNamespace, targetOutside }) => childNamespace && targetOutside,
    offer: () => remedy('run-outside-the-namespace'),
  },
  { overcomes: ['yama-restricted'], offer: () => remedy('name-the-tracer') },
  { overcomes: ['yama-restricted'], offer: () => remedy('name-any-tracer-python') },
  { overcomes: ['yama-restricted'], offer: () => remedy('name-any-tracer-exec') },
  { overcomes: ['not-dumpable'], offer: () => remedy('become-dumpable') },
  { overcomes: ['landlock'], offer: () => remedy('run-outside-the-sandbox') },
  {
    overcomes: ['owner'],
    applies: canGain,
    offer: (verdict, { owner }) =>
      owner &&
      remedy('run-as-owner', { ...owner, attach: attachCommand(verdict.tracer, verdict.pid) }),
  },
  { overcomes: lackOnHost, applies: cannotGain, offer: () => remedy('run-outside-as-root') },
  {
    overcomes: lackOnHost,
    applies: (surroundings) => canBeRoot(surroundings) && surroundings.systemd,
    offer: (verdict, { tracerUid: uid }) =>
      uid === null
        ? null
        : remedy('systemd-cap-sys-ptrace', {
            uid,
            attach: attachCommand(verdict.tracer, verdict.pid),
          }),
  },
  {
    overcomes: lackOnHost,
    applies: canBeRoot,
    offer: (verdict, { rootRefused, command }) => {
      const { pid, causes } = verdict
      const hidden = rootRefused === null && causes.some(({ id }) => hidesOthers.includes(id))
      return remedy('run-as-root', {
        attach: attachCommand(verdict.tracer, verdict.pid),
        condition: hidden ? onlyRootCanAsk : '',
        first: hidden ? `sudo ${command} check ${pid} && ` : '',
      })
    },
  },
  {
    overcomes: lackOfCapability,
    applies: mayBeGranted,
    offer: () => remedy('container-cap-sys-ptrace'),
  },
  {
    overcomes: lackOfCapability,
    applies: mayBeGranted,
    offer: () => remedy('kubernetes-cap-sys-ptrace'),
  },
  {
    overcomes: ['user-namespace'],
    applies: ({ targetOutside }) => !targetOutside,
    offer: () => remedy('debug-inside-the-namespace'),
  },
  { overcomes: ['seccomp'], offer: () => remedy('run-outside-the-filter') },
  {
    overcomes: ['seccomp'],
    applies: inContainer,
    offer: () => remedy('seccomp-allow-ptrace-container'),
  },
  { overcomes: ['seccomp'], offer: () => remedy('seccomp-allow-ptrace') },
  {
    overcomes: ['apparmor'],
    offer: (_, { capable }) =>
      remedy('apparmor-rule', { capability: capable ? 'capability sys_ptrace, ' : '' }),
  },
  // The rule of one domain is narrower than the switch of the whole machine.
  { overcomes: ['selinux'], applies: onHost, offer: () => remedy('selinux-rule') },
  {
    overcomes: ['selinux'],
    applies: (surroundings) => onHost(surroundings) && surroundings.denyPtrace,
    offer: () => remedy('selinux-deny-ptrace-off'),
  },
  {
    overcomes: lackOnHost,
    applies: (surroundings) => onHost(surroundings) && surroundings.withheld,
    offer: () => remedy('selinux-capability'),
  },
  {
    overcomes: ['yama-restricted'],
    applies: onHost,
    offer: (_, { os }) => {
      const name = fedoraPackage(os)
      return name === null ? null : remedy('install-package', { package: name, dnf: 'dnf' })
    },
  },
  {
    overcomes: ['yama-restricted', 'yama-admin-only'],
    applies: onHost,
    offer: () => remedy('scope-0-now'),
  },
  {
    overcomes: ['yama-restricted', 'yama-admin-only'],
    applies: onHost,
    offer: () => remedy('scope-0-drop-in'),
  },
  { overcomes: ['yama-no-attach'], applies: onHost, offer: () => remedy('reboot') },
]

/** The remedies that would help with this verdict here. */
export function remediesFor(verdict: BareVerdict, surroundings: Surroundings): Remedy[] {
  if (verdict.verdict !== 'denied') return []
  if (verdict.causes.length === 0) {
    const isSeen = verdict.target !== null
    return isSeen && onHost(surroundings) ? [remedy('find-the-rule')] : []
  }
  return choices
    .filter(({ overcomes }) => verdict.causes.every(({ id }) => overcomes.includes(id)))
    .filter(({ applies = () => true }) => applies(surroundings))
    .flatMap(({ offer }) => offer(verdict, surroundings) ?? [])
}
