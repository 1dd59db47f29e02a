import type { CapabilityState } from './report.js'

/** The names of capabilities(7), by number. */
const names = [
  'CHOWN',
  'DAC_OVERRIDE',
  'DAC_READ_SEARCH',
  'FOWNER',
  'FSETID',
  'KILL',
  'SETGID',
  'SETUID',
  'SETPCAP',
  'LINUX_IMMUTABLE',
  'NET_BIND_SERVICE',
  'NET_BROADCAST',
  'NET_ADMIN',
  'NET_RAW',
  'IPC_LOCK',
  'IPC_OWNER',
  'SYS_MODULE',
  'SYS_RAWIO',
  'SYS_CHROOT',
  'SYS_PTRACE',
  'SYS_PACCT',
  'SYS_ADMIN',
  'SYS_BOOT',
  'SYS_NICE',
  'SYS_RESOURCE',
  'SYS_TIME',
  'SYS_TTY_CONFIG',
  'MKNOD',
  'LEASE',
  'AUDIT_WRITE',
  'AUDIT_CONTROL',
  'SETFCAP',
  'MAC_OVERRIDE',
  'MAC_ADMIN',
  'SYSLOG',
  'WAKE_ALARM',
  'BLOCK_SUSPEND',
  'AUDIT_READ',
  'PERFMON',
  'BPF',
  'CHECKPOINT_RESTORE',
] as const

/** The name of a capability; of one that is not known here, with its number. */
export type CapabilityName = `CAP_${string}`

/** A set as capabilities(7) and /proc count them: bit n is capability n. */
export type CapabilitySet = bigint

/** Whether `set` holds that capability. */
export function hasCapability(set: CapabilitySet, name: (typeof names)[number]): boolean {
  return ((set >> BigInt(names.indexOf(name))) & 1n) !== 0n
}

/** Whether `set` holds CAP_SYS_PTRACE. */
export function hasSysPtrace(set: CapabilitySet): boolean {
  return hasCapability(set, 'SYS_PTRACE')
}

/** Whether a process can use CAP_SYS_PTRACE, as far as that is known. */
export function holdsSysPtrace({ effective, granted }: CapabilityState): boolean {
  return effective && granted !== false
}

/** Whether `set` allows to become another user, with that one's group and no other (setuid(2), setgid(2)). */
export function maySwitchUser(set: CapabilitySet): boolean {
  return (['SETUID', 'SETGID'] as const).every((name) => {
    return ((set >> BigInt(names.indexOf(name))) & 1n) !== 0n
  })
}

/** The names of what is in `set`, such as `CAP_SYS_PTRACE`. */
export function capabilityNames(set: CapabilitySet): CapabilityName[] {
  const found: CapabilityName[] = []
  for (let n = 0; set >> BigInt(n) !== 0n; n++) {
    if (((set >> BigInt(n)) & 1n) !== 0n) found.push(`CAP_${names[n] ?? n}`)
  }
  return found
}

/** The capabilities of a file (capabilities(7), "File capabilities"). */
export interface FileCapabilities {
  /** Capabilities that every user who runs the file is permitted. */
  readonly permitted: CapabilitySet
  /** What a process keeps of its inheritable set when it runs it. */
  readonly inheritable: CapabilitySet
  /** Whether that is effective from the start. */
  readonly effective: boolean
  /** The user who is root in the user namespace that they count in; 0 for the initial one. */
  readonly rootUid: number
}

// linux/capability.h: `struct vfs_ns_cap_data`, little-endian on every machine.
const revisionMask = 0xff000000
const effectiveFlag = 0x000001
const revisions: Readonly<Record<number, { readonly size: number; readonly words: number }>> = {
  16777216: { size: 12, words: 1 },
  33554432: { size: 20, words: 2 },
  50331648: { size: 24, words: 2 },
}

/** Reads the attribute `security.capability`; null: of a revision that is not known. */
export function parseFileCapabilities(bytes: Uint8Array): FileCapabilities | null {
  if (bytes.length < 4) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const magic = view.getUint32(0, true)
  const revision = revisions[(magic & revisionMask) >>> 0]
  if (revision === undefined || bytes.length !== revision.size) return null
  // Permitted and inheritable take turns, a word of each at a time.
  const set = (offset: number) => {
    const word = (n: number) => BigInt(view.getUint32(offset + n * 8, true))
    return word(0) | (revision.words > 1 ? word(1) << 32n : 0n)
  }
  return {
    permitted: set(4),
    inheritable: set(8),
    effective: (magic & effectiveFlag) !== 0,
    rootUid: revision.size === 24 ? view.getUint32(20, true) : 0,
  }
}
