import { policyNames } from '../helpers/policies.js'
import type { Kernel } from './kernels.js'
import type { ChangingPair, Command } from './results.js'

/** What a process is restricted to while it is measured. */
export interface Context {
  readonly id: string
  /** Completes the sentence "…, as root: every cell agrees". */
  readonly title: string
  /** The arguments of `confine`. */
  readonly confine: readonly string[]
  /** Whether new user namespaces may be made. */
  readonly namespaces: boolean
  /** What a seccomp filter answers to ptrace(), if there is one. */
  readonly filter: 'EPERM' | 'ENOSYS' | 'SIGSYS' | null
  readonly privilege: 'root' | 'user' | 'namespace'
  /** Whether pidfd_open(2) and pidfd_getfd(2) are there, which Linux 5.3 and 5.6 brought. */
  readonly pidfds: boolean
}

const open = { namespaces: true, filter: null, pidfds: true } as const
const filters = [
  { word: 'eperm', filter: 'EPERM' },
  { word: 'enosys', filter: 'ENOSYS' },
  { word: 'kill', filter: 'SIGSYS' },
] as const
const people = [
  { id: 'root', title: 'as root', privilege: 'root', confine: [] },
  { id: 'user', title: 'as uid 1000', privilege: 'user', confine: ['uid=1000'] },
] as const

/** Everything that a boot may measure under, at every scope. */
export const contexts: readonly Context[] = [
  ...people.map((person) => ({ ...person, ...open })),
  {
    id: 'user-without-namespaces',
    title: 'as uid 1000 with user namespaces switched off',
    privilege: 'user',
    confine: ['uid=1000'],
    namespaces: false,
    filter: null,
    pidfds: true,
  },
  {
    id: 'namespace',
    title: 'as root of a user namespace',
    privilege: 'namespace',
    confine: ['uid=1000', 'userns'],
    ...open,
  },
  ...people.flatMap((person) =>
    filters.map(({ word, filter }) => ({
      ...person,
      id: `${person.id}-${word}`,
      title: `${person.title} under a seccomp filter that answers ptrace with ${filter}`,
      confine: [...person.confine, `ptrace=${word}`],
      namespaces: true,
      filter,
      pidfds: true,
    })),
  ),
  ...people.map((person) => ({
    ...person,
    ...open,
    id: `${person.id}-without-pidfds`,
    title: `${person.title} where pidfd_open and pidfd_getfd answer ENOSYS, as on Linux 4.18`,
    confine: [...person.confine, 'pidfd_open=enosys', 'pidfd_getfd=enosys'],
    pidfds: false,
  })),
]

/**
 * Scopes between which the machine changes while it is measured: 90 reports, too many for arm64 and for
 * a machine on which policies are asserted.
 */
export function changingPairs({ arch, yama, policies }: Kernel): readonly ChangingPair[] {
  if (!yama || arch === 'arm64' || policies) return []
  return [
    [0, 1],
    [1, 2],
    [0, 2],
  ]
}

/** Node takes an emulated arm64 machine three seconds to start, so that one does half of it. */
const spared = new Set(['root-eperm', 'root-kill', 'user-enosys'])

/** What a machine with this kernel measures under, at every scope. */
export function contextsFor({ arch, old }: Pick<Kernel, 'arch' | 'old'>): readonly Context[] {
  return contexts.filter(
    ({ id, pidfds }) => (arch === 'amd64' || !spared.has(id)) && (pidfds || old),
  )
}

/** Which of the real command lines such a machine runs. */
export function commandsFor(arch: 'amd64' | 'arm64'): readonly Command[] {
  const half: Command[] = [
    { as: 'root', args: [] },
    { as: 'user', args: ['--json'] },
  ]
  const rest: Command[] = [
    { as: 'root', args: ['--json'] },
    { as: 'user', args: [] },
  ]
  return arch === 'amd64' ? [...half, ...rest] : half
}

/** On arm64 debuggers are put to the test here; on x64 the judges' lane has machines for it. */
export const triesDebuggers = ({ arch }: Kernel): boolean => arch === 'arm64'

/** Yama writes the same on every processor, so the slower one is spared the wait for its lines. */
export const countsLines = ({ arch, yama }: Kernel): boolean => yama && arch === 'amd64'

const everyPolicy = policyNames.flatMap((name) => ['--policy', name])

/** Whether process 1 may be attached to: by anybody of root's, up to scope 2. Run at every scope. */
export function checksFor(arch: 'amd64' | 'arm64'): readonly Command[] {
  const root: Command = { as: 'root', args: ['check', '1'] }
  return arch === 'amd64' ? [root, { ...root, as: 'user' }] : [root]
}

/**
 * The command lines that are run at every scope, too: all policies at once, for the emulated machine
 * takes seconds to start Node, and one by itself, whose exit status is that of one answer.
 */
export const assertions: readonly Command[] = [
  { as: 'root', args: ['assert', '--json', ...everyPolicy] },
  { as: 'user', args: ['assert', '--json', ...everyPolicy] },
  { as: 'root', args: ['assert', '--json', '--policy', 'kspp'] },
  { as: 'user', args: ['assert', '--json', '--policy', 'stig'] },
]
