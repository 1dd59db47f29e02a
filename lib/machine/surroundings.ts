/** What is around this process: a container, or a program that answers in the kernel's place. */

import { basename } from 'node:path'
import type { Files } from './files.js'

/**
 * The program that answers system calls in the kernel's place, or null: qemu-user and proot show
 * processes their own program as `/proc/self/exe`, and do not know the other name of the same link.
 */
export function emulatorOf({ link }: Pick<Files, 'link'>): string | null {
  const [shown, real] = [link('/proc/self/exe'), link('/proc/thread-self/exe')]
  return shown === null || real === null || shown === real ? null : basename(real)
}

/** Files that a container runtime leaves in its containers, and which runtime it was. */
const containerSigns: readonly {
  readonly path: string
  readonly runtime: (text: string) => string | null
}[] = [
  // systemd's own convention, followed by podman, systemd-nspawn and others (CONTAINER_INTERFACE).
  { path: '/run/systemd/container', runtime: (text) => text.trim() || null },
  {
    path: '/run/.containerenv',
    runtime: (text) => /^engine="([a-z]+)/m.exec(text)?.[1] ?? 'podman',
  },
  { path: '/.dockerenv', runtime: () => 'docker' },
  {
    path: '/proc/self/cgroup',
    runtime: (text) => /(kubepods|docker|libpod|lxc|containerd)/.exec(text)?.[1] ?? null,
  },
]

/** The inodes of the initial namespaces (proc_ns.h): the same on every kernel. */
const initialNamespaces = {
  cgroup: 'cgroup:[4026531835]',
  pid: 'pid:[4026531836]',
  uts: 'uts:[4026531838]',
  ipc: 'ipc:[4026531839]',
} as const

/**
 * The container runtime around this process, or null.
 *
 * A sign alone is no proof: images are made into virtual machines, files and all. A container also
 * has at least one namespace of its own.
 */
export function containerOf({ read, link }: Files): string | null {
  const apart = Object.entries(initialNamespaces).some(([name, initial]) => {
    const own = link(`/proc/self/ns/${name}`)
    return own !== null && own !== initial
  })
  if (!apart) return null
  for (const { path, runtime } of containerSigns) {
    const text = read(path)
    const name = text === null ? null : runtime(text)
    if (name !== null) return name
  }
  return null
}
