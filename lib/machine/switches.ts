/** Switches besides Yama's that decide over ptrace, or over what it takes to measure it. */

/** The content of a file, or null where it cannot be read. */
type Read = (path: string) => string | null

/** SELinux's boolean, where the kernel shows it (selinux(8)). */
export const denyPtraceFile = '/sys/fs/selinux/booleans/deny_ptrace'

/** Whether SELinux's boolean deny_ptrace is on; null where there is none, or it cannot be read. */
export function denyPtraceOf(read: Read): boolean | null {
  // "CURRENT PENDING" (security/selinux/selinuxfs.c, sel_read_bool()).
  const [, current] = /^([01]) [01]/.exec(read(denyPtraceFile) ?? '') ?? []
  return current === undefined ? null : current === '1'
}

/** The sysctls that keep ordinary users from making user namespaces, and the value that does. */
const namespaceSwitches = [
  // Debian's own patch.
  { key: 'kernel.unprivileged_userns_clone', forbids: '0' },
  { key: 'user.max_user_namespaces', forbids: '0' },
  // Ubuntu's, in AppArmor.
  { key: 'kernel.apparmor_restrict_unprivileged_userns', forbids: '1' },
] as const

/** Those that do, as sysctl(8) writes them: `user.max_user_namespaces = 0`. */
export function namespaceLimitsOf(read: Read): string[] {
  return namespaceSwitches
    .filter(({ key, forbids }) => read(`/proc/sys/${key.replace('.', '/')}`)?.trim() === forbids)
    .map(({ key, forbids }) => `${key} = ${forbids}`)
}
