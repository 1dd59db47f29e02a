/** Packages that lift the restriction for a whole machine, and those that bring them along. */

import type { InstalledPackages } from '../machine/index.js'
import type { HostFacts, PulledIn } from '../model/index.js'

interface Row {
  readonly name: string
  /** The packages that require or recommend it. */
  readonly by: readonly string[]
  /** The distributions that offer it though it is not installed, from that release on. */
  readonly offers: Readonly<Record<string, number>>
}

/** THE table. The second: https://fedoraproject.org/wiki/Changes/Restrict_ptrace_by_default */
const rows: readonly Row[] = [
  { name: 'elfutils-default-yama-scope', by: ['elfutils-libs', 'gdb'], offers: {} },
  {
    name: 'yama-ptrace-enable',
    by: ['delve', 'elfutils', 'gdb', 'lldb', 'ltrace', 'strace', 'systemtap'],
    offers: { fedora: 45, rhel: 11 },
  },
]

/** Whether a distribution has such packages, so that it is worth asking what is installed. */
export function mayPullIn({ id }: HostFacts['os']): boolean {
  return ['fedora', 'rhel', 'centos', 'rocky', 'almalinux'].includes(id ?? '')
}

/** The package that lifts the restriction, installed or not, and what is installed that wants it. */
export function pulledIn(os: HostFacts['os'], { versions }: InstalledPackages): PulledIn | null {
  const row =
    rows.find(({ name }) => versions.has(name)) ??
    rows.find(({ offers }) => Number.parseInt(os.version ?? '', 10) >= (offers[os.id ?? ''] ?? NaN))
  if (row === undefined) return null
  const { name, by } = row
  return {
    package: name,
    installed: versions.has(name),
    by: by.filter((each) => versions.has(each)),
  }
}
