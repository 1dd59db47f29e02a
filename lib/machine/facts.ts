import {
  type CallerFacts,
  type DeclaredScope,
  type HostFacts,
  hasSysPtrace,
  scopes,
} from '../model/index.js'
import { type Files, filesBelow, isThere, link, read } from './files.js'
import { containerOf, emulatorOf } from './surroundings.js'
import { denyPtraceOf, namespaceLimitsOf } from './switches.js'

/** What is read of a machine. Everything below `root`, so that tests bring machines of their own. */
export interface MachineFacts {
  readonly host: Omit<HostFacts, 'kernel' | 'arch'>
  readonly caller: Omit<CallerFacts, 'pid' | 'uid' | 'gid' | 'capSysPtrace' | 'dumpable'>
  readonly declared: DeclaredScope
  readonly yama: boolean | null
}

/** Where the kernel says which scope it enforces (Documentation/admin-guide/LSM/Yama.rst). */
export const scopeFile = '/proc/sys/kernel/yama/ptrace_scope'

/**
 * A file of this thread: filters and labels belong to threads, and a Worker asks for its own. Under an
 * emulator `/proc/thread-self` may be that of the emulator.
 */
function readOwn(root: string, name: string): string | null {
  const isEmulated = emulatorOf(filesBelow(root)) !== null
  const thread = isEmulated ? null : read(root, `/proc/thread-self/${name}`)
  return thread ?? read(root, `/proc/self/${name}`)
}

function readStatus(root: string): string {
  return readOwn(root, 'status') ?? ''
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
  /** An ordinary user may make a user namespace and has every capability in it. */
  readonly namespaces: boolean
  /** systemd runs as the first process (sd_booted(3)), so systemd-run(1) can start something. */
  readonly systemd: boolean
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
    namespaces: fieldOf(status, 'Seccomp') === '0' && mayMakeNamespaces(files),
    systemd: isThere(root, '/run/systemd/system') === true,
    os: osOf(files),
  }
}

/** What keeps ordinary users from it: Linux itself, Debian and Ubuntu. A missing file restricts nothing. */
function mayMakeNamespaces({ read }: Files): boolean {
  return (
    read('/proc/sys/user/max_user_namespaces')?.trim() !== '0' &&
    read('/proc/sys/kernel/unprivileged_userns_clone')?.trim() !== '0' &&
    read('/proc/sys/kernel/apparmor_restrict_unprivileged_userns')?.trim() !== '1'
  )
}

/** The name of a group to which a user belongs, by group(5) and passwd(5); null: it is not known. */
export function groupOf(uid: number, gid: number, root = '/'): string | null {
  const rows = (path: string): string[][] =>
    (read(root, path) ?? '').split('\n').map((line) => line.split(':'))
  const user = rows('/etc/passwd').find(([, , id]) => id === String(uid))
  const group = rows('/etc/group').find(([, , id]) => id === String(gid))
  const [name = '', , , members = ''] = group ?? []
  const isMember = user?.[3] === String(gid) || members.split(',').includes(user?.[0] ?? '')
  // It becomes part of a command.
  return user !== undefined && isMember && /^[A-Za-z_][\w-]*$/.test(name) ? name : null
}

/** Reads machine, caller and the declared scope below `root`. */
export function readFacts(root = '/'): MachineFacts {
  const status = readStatus(root)
  const files = filesBelow(root)
  const noNewPrivs = fieldOf(status, 'NoNewPrivs')
  const tracer = fieldOf(status, 'TracerPid')
  return {
    host: {
      os: osOf(files),
      lsm: lsmOf(files),
      container: containerOf(files),
      emulator: emulatorOf(files),
      denyPtrace: denyPtraceOf(files.read),
      namespaceLimits: namespaceLimitsOf(files.read),
    },
    caller: {
      userNamespace: readUserNamespace(root),
      seccomp: seccompMode(fieldOf(status, 'Seccomp')),
      noNewPrivs: noNewPrivs === undefined ? null : noNewPrivs === '1',
      label: readLabel(root),
      tracerPid: tracer === undefined ? null : Number(tracer),
    },
    declared: readDeclared(root),
    yama: readYama(root),
  }
}

/**
 * Whether the files of the machine say that Yama is active; null where they say nothing, such as
 * where `/proc` shows processes only (`subset=pid`, proc(5)).
 */
export function readYama(root = '/'): boolean | null {
  const file = isThere(root, scopeFile)
  if (file === true) return true
  const lsm = lsmOf(filesBelow(root))
  if (lsm !== null) return lsm.includes('yama')
  const showsSysctls = isThere(root, '/proc/sys/kernel/osrelease') === true
  return file === false && showsSysctls ? false : null
}

/** Reads what the kernel's own file says; a value that Yama does not know is no value. */
export function readDeclared(root = '/'): DeclaredScope {
  return declaredBy(filesBelow(root))
}

/** The same of files that come from elsewhere. */
export function declaredBy({ read }: Files): DeclaredScope {
  const text = read(scopeFile)?.trim()
  return { value: scopes.find((scope) => String(scope) === text) ?? null, source: scopeFile }
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
  const text = readOwn(root, 'attr/current')
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
