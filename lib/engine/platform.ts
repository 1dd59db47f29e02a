import { PtraceProbeError } from '../model/index.js'

/**
 * Whether this platform can be probed at all.
 *
 * @returns true on Linux
 *
 * @example
 * ```js
 * import { isSupported } from 'ptrace-probe'
 *
 * if (!isSupported()) console.log('There is no ptrace like that here.')
 * ```
 */
export function isSupported(): boolean {
  return process.platform === 'linux'
}

/** The ids of this process: real and effective. */
export function ownIds(): Readonly<Record<'uid' | 'euid' | 'gid' | 'egid', number>> {
  const { getuid, geteuid, getgid, getegid } = process
  // Windows alone has none. An id that is not known is never taken for root's.
  if (!getuid || !geteuid || !getgid || !getegid) throw noLinux()
  return { uid: getuid(), euid: geteuid(), gid: getgid(), egid: getegid() }
}

/**
 * @throws PtraceProbeError `ERR_PTRACE_PROBE_PLATFORM` elsewhere
 *
 * @internal
 */
export function requireLinux(): void {
  if (!isSupported()) throw noLinux()
}

function noLinux(): PtraceProbeError {
  return new PtraceProbeError(
    `ptrace-probe works on Linux only, this is ${process.platform}`,
    'ERR_PTRACE_PROBE_PLATFORM',
  )
}
