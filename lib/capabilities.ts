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

/** A set as capabilities(7) and /proc count them: bit n is capability n. */
export type CapabilitySet = bigint

/** Whether `set` holds CAP_SYS_PTRACE. */
export function hasSysPtrace(set: CapabilitySet): boolean {
  return ((set >> BigInt(names.indexOf('SYS_PTRACE'))) & 1n) !== 0n
}

/** The names of what is in `set`, such as `CAP_SYS_PTRACE`. */
export function capabilityNames(set: CapabilitySet): string[] {
  const found: string[] = []
  for (let n = 0; set >> BigInt(n) !== 0n; n++) {
    if (((set >> BigInt(n)) & 1n) !== 0n) found.push(`CAP_${names[n] ?? n}`)
  }
  return found
}
