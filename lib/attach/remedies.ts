import type { Place } from '../machine/index.js'
import { type CauseId, fedoraPackage, type Remedy, remedy } from '../model/index.js'
import type { BareVerdict } from './verdict.js'

/** What decides whether a remedy can be applied where the tracer is. */
export interface Surroundings extends Omit<Place, 'lsm'> {
  /** The tracer has CAP_SYS_PTRACE in its effective set. */
  readonly capable: boolean
  /** The one user and the one group that the target runs as; null where it has several. */
  readonly owner: { readonly uid: number; readonly gid: number } | null
}

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

/**
 * What is offered for which causes, least privilege first. Nothing is offered that would not help,
 * and nothing sets a file capability on a debugger: `setcap cap_sys_ptrace+ep` would let every user
 * attach to everything.
 */
const choices: readonly Choice[] = [
  { overcomes: ['yama-restricted'], offer: () => remedy('start-under-debugger') },
  { overcomes: ['already-traced'], offer: () => remedy('detach-other-tracer') },
  { overcomes: ['yama-restricted'], offer: () => remedy('name-the-tracer') },
  { overcomes: ['yama-restricted'], offer: () => remedy('name-any-tracer-python') },
  { overcomes: ['yama-restricted'], offer: () => remedy('name-any-tracer-exec') },
  { overcomes: ['not-dumpable'], offer: () => remedy('become-dumpable') },
  { overcomes: ['landlock'], offer: () => remedy('run-outside-the-sandbox') },
  {
    overcomes: ['owner'],
    applies: canGain,
    offer: ({ pid }, { owner }) => owner && remedy('run-as-owner', { ...owner, pid }),
  },
  { overcomes: lackOnHost, applies: cannotGain, offer: () => remedy('run-outside-as-root') },
  {
    overcomes: lackOnHost,
    applies: canGain,
    offer: ({ pid }) => remedy('systemd-cap-sys-ptrace', { pid }),
  },
  { overcomes: lackOnHost, applies: canGain, offer: ({ pid }) => remedy('run-as-root', { pid }) },
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
  { overcomes: ['user-namespace'], offer: () => remedy('debug-inside-the-namespace') },
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
  { overcomes: ['selinux'], applies: onHost, offer: () => remedy('selinux-rule') },
  {
    overcomes: ['yama-restricted'],
    applies: onHost,
    offer: (_, { os }) => {
      const name = fedoraPackage(os)
      return name === null ? null : remedy('install-package', { package: name })
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
  if (verdict.verdict !== 'denied' || verdict.causes.length === 0) return []
  return choices
    .filter(({ overcomes }) => verdict.causes.every(({ id }) => overcomes.includes(id)))
    .filter(({ applies = () => true }) => applies(surroundings))
    .flatMap(({ offer }) => offer(verdict, surroundings) ?? [])
}
