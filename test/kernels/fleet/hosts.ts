import type { SetScope } from '../results.js'

/** One guest that the playbook measures. */
export interface Host {
  /** What PTRACE_PROBE_FLEET calls it. */
  readonly word: string
  /** Its name, for itself and in the inventory. */
  readonly name: string
  /** What it is booted with. */
  readonly scope: SetScope
  /** The words of the kernel's command line that make it so. */
  readonly append: string
  /** Whether the role is asked to write the fact. */
  readonly fact: boolean
}

/** All that can be booted. On two busy processors two of them take three minutes, and all take six. */
const hosts: readonly Host[] = [
  {
    word: '1',
    name: 'restricted',
    scope: 1,
    append: 'sysctl.kernel.yama.ptrace_scope=1',
    fact: true,
  },
  {
    word: 'none',
    name: 'no-yama',
    scope: null,
    append: 'lsm=landlock,lockdown,apparmor',
    fact: false,
  },
  { word: '0', name: 'classic', scope: 0, append: 'sysctl.kernel.yama.ptrace_scope=0', fact: true },
  {
    word: '2',
    name: 'admin-only',
    scope: 2,
    append: 'sysctl.kernel.yama.ptrace_scope=2',
    fact: false,
  },
  {
    word: '3',
    name: 'no-attach',
    scope: 3,
    append: 'sysctl.kernel.yama.ptrace_scope=3',
    fact: true,
  },
]

/**
 * The hosts that PTRACE_PROBE_FLEET names, separated by commas or blanks; 1 and none if it is unset.
 *
 * @throws RangeError for a name that is not in the table.
 */
export function chosenHosts(wanted = process.env['PTRACE_PROBE_FLEET'] ?? '1,none'): Host[] {
  const words = wanted.split(/[\s,]+/).filter((word) => word !== '')
  const unknown = words.filter((word) => !hosts.some((host) => host.word === word))
  if (unknown.length > 0) {
    const known = hosts.map(({ word }) => word).join(' ')
    throw new RangeError(`PTRACE_PROBE_FLEET names ${unknown.join(' ')}, known are: ${known}`)
  }
  return hosts.filter(({ word }) => words.includes(word))
}
