import { join } from 'node:path'

import { exists } from '../host.js'

/** The Debian package of each program that the guest finds on this machine's root. */
const packages = {
  'aa-exec': 'apparmor',
  apparmor_parser: 'apparmor',
  bwrap: 'bubblewrap',
  crun: 'crun',
  'dbus-daemon': 'dbus',
  dlv: 'delve',
  'eu-stack': 'elfutils',
  gcore: 'gdb',
  gdb: 'gdb',
  lldb: 'lldb',
  ltrace: 'ltrace',
  podman: 'podman',
  strace: 'strace',
  systemd: 'systemd',
  'systemd-run': 'systemd',
  unshare: 'util-linux',
} as const

/** Where the guest looks: its PATH is set by its own first program, and systemd is in none. */
const directories = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
  '/lib/systemd',
]

/** @throws Error with one sentence that says what to install, if a program is missing. */
export async function demandDebuggers(): Promise<void> {
  const missing: string[] = []
  const wanted = new Set<string>()
  for (const [name, from] of Object.entries(packages)) {
    const found = await Promise.all(directories.map((directory) => exists(join(directory, name))))
    if (found.includes(true)) continue
    missing.push(name)
    wanted.add(from)
  }
  if (missing.length === 0) return
  throw new Error(
    `The kernel lane lacks ${missing.join(', ')}: apt-get install ${[...wanted].join(' ')}`,
  )
}
