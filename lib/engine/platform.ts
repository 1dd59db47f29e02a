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

/**
 * @throws PtraceProbeError `ERR_PTRACE_PROBE_PLATFORM` elsewhere
 *
 * @internal
 */
export function requireLinux(): void {
  if (isSupported()) return
  throw new PtraceProbeError(
    `ptrace-probe works on Linux only, this is ${process.platform}`,
    'ERR_PTRACE_PROBE_PLATFORM',
  )
}
