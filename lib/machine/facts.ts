import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import {
  type CallerFacts,
  type DeclaredScope,
  type HostFacts,
  hasSysPtrace,
  type Scope,
} from '../model/index.js'

/** What is read of a machine. Everything below `root`, so that tests bring machines of their own. */
export interface MachineFacts {
  readonly host: Omit<HostFacts, 'kernel' | 'arch'>
  readonly caller: Omit<CallerFacts, 'pid' | 'uid' | 'gid' | 'capSysPtrace' | 'dumpable'>
  readonly declared: DeclaredScope
}

/** Where the kernel says which scope it enforces (Documentation/admin-guide/LSM/Yama.rst). */
export const scopeFile = '/proc/sys/kernel/yama/ptrace_scope'

/** Files of a machine, by their paths on it. */
export interface Files {
  /** The content, or null: absent, unreadable, or not mounted. */
  readonly read: (path: string) => string | null
  /** Where a link leads, as it is written. */
  readonly link: (path: string) => string | null
}

/** The file's content, or null: absent, unreadable, or not mounted. */
function read(root: string, path: string): string | null {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch {
    return null
  }
}

function link(root: string, path: string): string | null {
  try {
    return readlinkSync(join(root, path))
  } catch {
    return null
  }
}

function filesBelow(root: string): Files {
  return { read: (path) => read(root, path), link: (path) => link(root, path) }
}

/** Filters belong to threads: a Worker asks for its own. */
function readStatus(root: string): string {
  return read(root, '/proc/thread-self/status') ?? read(root, '/proc/self/status') ?? ''
}

/** A field of proc_pid_status(5). */
function fieldOf(status: string, name: string): string | undefined {
  const start = status.indexOf(`\n${name}:\t`)
  if (start < 0) return undefined
  const end = status.indexOf('\n', start + 1)
  return status.slice(start + name.length + 3, end < 0 ? undefined : end).trim()
}

/** Whether a seccomp filter may answer for the kernel; null when that cannot be read. */
export function readSeccomp(root = '/'): CallerFacts['seccomp'] {
  return seccompMode(fieldOf(readStatus(root), 'Seccomp'))
}

/** Where this thread is, which decides what may refuse it something, and what would help. */
export interface Place {
  /** Active security modules; null when they cannot be read. */
  readonly lsm: readonly string[] | null
  /** The container runtime around it, or null. */
  readonly container: string | null
  /** It is not in the initial user namespace. */
  readonly childNamespace: boolean
  /**
   * No program that it executes can gain CAP_SYS_PTRACE: it has no_new_privs, or the capability is
   * not in its bounding set. Then sudo(8) does not help there.
   */
  readonly sealed: boolean
  /** ID and VERSION_ID of os-release(5). */
  readonly os: HostFacts['os']
}

/** Reads where this thread is. */
export function readPlace(root = '/'): Place {
  const status = readStatus(root)
  const files = filesBelow(root)
  const bounding = fieldOf(status, 'CapBnd')
  return {
    lsm: lsmOf(files),
    container: containerOf(files),
    childNamespace: readUserNamespace(root) === 'child',
    sealed:
      fieldOf(status, 'NoNewPrivs') === '1' ||
      (bounding !== undefined && !hasSysPtrace(BigInt(`0x${bounding}`))),
    os: osOf(files),
  }
}

/** Reads machine, caller and the declared scope below `root`. */
export function readFacts(root = '/'): MachineFacts {
  const status = readStatus(root)
  const files = filesBelow(root)
  const noNewPrivs = fieldOf(status, 'NoNewPrivs')
  const tracer = fieldOf(status, 'TracerPid')
  return {
    host: { os: osOf(files), lsm: lsmOf(files), container: containerOf(files) },
    caller: {
      userNamespace: readUserNamespace(root),
      seccomp: seccompMode(fieldOf(status, 'Seccomp')),
      noNewPrivs: noNewPrivs === undefined ? null : noNewPrivs === '1',
      label: readLabel(root),
      tracerPid: tracer === undefined ? null : Number(tracer),
    },
    declared: readDeclared(root),
  }
}

/** Reads what the kernel's own file says; a value that Yama does not know is no value. */
export function readDeclared(root = '/'): DeclaredScope {
  return declaredBy(filesBelow(root))
}

/** The same of files that come from elsewhere. */
export function declaredBy({ read }: Files): DeclaredScope {
  const text = read(scopeFile)?.trim()
  const known = text !== undefined && /^[0-3]$/.test(text)
  return { value: known ? (Number(text) as Scope) : null, source: scopeFile }
}

/** By the numbers of proc_pid_status(5). */
const seccompModes = ['disabled', 'strict', 'filter'] as const

function seccompMode(value: string | undefined): CallerFacts['seccomp'] {
  return value === undefined ? null : (seccompModes[Number(value)] ?? null)
}

/** The initial user namespace has this inode on every kernel (PROC_USER_INIT_INO, proc_ns.h). */
const initialUserNamespace = 'user:[4026531837]'

function readUserNamespace(root: string): CallerFacts['userNamespace'] {
  const name = link(root, '/proc/self/ns/user')
  if (name === null) return null
  return name === initialUserNamespace ? 'initial' : 'child'
}

function readLabel(root: string): string | null {
  const text = read(root, '/proc/thread-self/attr/current') ?? read(root, '/proc/self/attr/current')
  return text?.replace(/[\0\n]+$/, '') || null
}

/** The active security modules in their order; null when securityfs cannot be read. */
export function lsmOf({ read }: Files): string[] | null {
  const text = read('/sys/kernel/security/lsm')?.trim()
  return text === undefined ? null : text.split(',').filter((name) => name !== '')
}

/** The distribution, by os-release(5). */
export function osOf({ read }: Files): HostFacts['os'] {
  const text = read('/etc/os-release') ?? read('/usr/lib/os-release') ?? ''
  const field = (name: string): string | null => {
    const value = new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1]?.trim()
    return value?.replace(/^(["'])(.*)\1$/, '$2') || null
  }
  return { id: field('ID'), version: field('VERSION_ID') }
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

/** The processes that /proc shows, in the order of their numbers. */
export function processIds(root = '/'): number[] {
  return readdirSync(join(root, '/proc'))
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b)
}

/** The kernel keeps so many bytes of a name (TASK_COMM_LEN less its NUL, proc_pid_comm(5)). */
const nameLength = 15

/** The processes of that name, of which the first 15 bytes count. */
export function processesNamed(name: string, root = '/'): number[] {
  const kept = Buffer.from(name).subarray(0, nameLength)
  return processIds(root).filter((pid) => {
    const own = read(root, `/proc/${pid}/comm`)
    return own !== null && Buffer.from(own.replace(/\n$/, '')).equals(kept)
  })
}
