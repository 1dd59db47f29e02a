/** What of a machine decides whether its sysctl.d(5) counts, besides the files themselves. */

import {
  bytesOf,
  containerOf,
  declaredBy,
  type Files,
  isDirectory,
  isFile,
  linkAt,
  lsmOf,
  osOf,
  scopeFile,
  textAt,
} from '../machine/index.js'
import type { DeclaredScope, HostFacts, Scope } from '../model/index.js'
import { type Placed, placed } from './sysctl-d/writes.js'

/** The facts. */
export interface Machine {
  readonly os: HostFacts['os']
  readonly declared: DeclaredScope
  /** Whether a machine runs below this root: whether its /proc is there. */
  readonly isRunning: boolean
  /** The active security modules in their order; null when nothing tells. */
  readonly lsm: readonly string[] | null
  /** Null when nothing tells. */
  readonly hasYama: boolean | null
  readonly container: string | null
  /** The Windows Subsystem for Linux without systemd, which starts no reader of sysctl.d(5). */
  readonly isPlainWsl: boolean
  /** The file that masks systemd-sysctl.service; null when none does. */
  readonly masked: string | null
  /** The name of the first process. */
  readonly init: string | null
  readonly builtIn: { readonly value: Scope | null; readonly source: string | null }
  /** What the kernel command line assigns. */
  readonly commandLine: readonly Placed[]
}

function filesOf(root: string): Files {
  return {
    read: (path) => textAt(root, path),
    link: (path) => linkAt(root, path),
  }
}

/** Reads the facts below the root. */
export function readMachine(root: string): Machine {
  const files = filesOf(root)
  const os = osOf(files)
  const declared = declaredBy(files)
  const isRunning = isFile(root, '/proc/1/comm')
  const release = files.read('/proc/sys/kernel/osrelease')?.trim() ?? null
  return {
    os,
    declared,
    isRunning,
    lsm: lsmOf(files),
    hasYama: hasYama(root),
    container: containerOf(files),
    isPlainWsl: /microsoft/i.test(release ?? '') && !isDirectory(root, '/run/systemd/system'),
    masked: maskOf(root),
    init: files.read('/proc/1/comm')?.trim() ?? null,
    builtIn: builtIn(os.id, files.read('/proc/version')),
    commandLine: hasSysctlParameters(release) ? commandLine(files.read('/proc/cmdline')) : [],
  }
}

/** Where /proc is not that of a kernel, nothing tells. */
function hasYama(root: string): boolean | null {
  if (!isDirectory(root, '/proc/sys/kernel')) return null
  if (!isFile(root, '/proc/sys/kernel/osrelease')) return null
  return isFile(root, scopeFile)
}

/** The places of units, in their order (systemd.unit(5)); of /run nothing survives a reboot. */
const unitFiles: readonly string[] = [
  '/etc/systemd/system/systemd-sysctl.service',
  '/usr/local/lib/systemd/system/systemd-sysctl.service',
]

/** A unit is masked by a link to /dev/null. */
function maskOf(root: string): string | null {
  for (const path of unitFiles) {
    if (linkAt(root, path) === '/dev/null') return path
    if (isFile(root, path)) return null
  }
  return null
}

const debianPatch =
  'https://salsa.debian.org/kernel-team/linux/-/blob/debian/latest/debian/patches/debian/yama-disable-by-default.patch'
const upstream = 'https://docs.kernel.org/admin-guide/LSM/Yama.html'

/** The distributions whose kernels have Yama, and its scope when nothing sets one. */
const defaults: Readonly<Record<string, { readonly value: Scope; readonly source: string }>> = {
  debian: { value: 0, source: debianPatch },
  ubuntu: { value: 1, source: upstream },
  fedora: { value: 1, source: upstream },
  rhel: { value: 1, source: upstream },
  centos: { value: 1, source: upstream },
  rocky: { value: 1, source: upstream },
  almalinux: { value: 1, source: upstream },
  arch: { value: 1, source: upstream },
  'opensuse-leap': { value: 1, source: upstream },
  'opensuse-tumbleweed': { value: 1, source: upstream },
  sles: { value: 1, source: upstream },
  alpine: { value: 1, source: upstream },
}

/** By distribution; where its kernel differs from others, only if that is the one that runs. */
function builtIn(id: string | null, version: string | null): Machine['builtIn'] {
  const known = id === null ? undefined : defaults[id]
  const isForeign = known?.value === 0 && version !== null && !/debian/i.test(version)
  return known === undefined || isForeign ? { value: null, source: null } : known
}

/** `sysctl.` parameters are set since Linux 5.8 (Documentation/admin-guide/kernel-parameters.txt). */
function hasSysctlParameters(release: string | null): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(release ?? '') ?? []
  return release === null || Number(major) > 5 || (major === '5' && Number(minor) >= 8)
}

/** The parameters of the key (`process_sysctl_arg()` in fs/proc/proc_sysctl.c), up to `--`. */
function commandLine(text: string | null): Placed[] {
  const parameters: readonly string[] = text?.match(/(?:"[^"]*"?|[^\s"])+/g) ?? []
  const end = parameters.indexOf('--')
  return parameters.slice(0, end < 0 ? undefined : end).flatMap((parameter) => {
    const [, key = '', value = ''] =
      /^sysctl[./]([^=]*)=(.*)$/s.exec(parameter.replaceAll('"', '')) ?? []
    const isOurs = key.replaceAll('.', '/') === 'kernel/yama/ptrace_scope'
    return isOurs && value !== '' ? [placed('/proc/cmdline', 1, bytesOf(value))] : []
  })
}
