import { errnoName } from './errno.js'
import { visible } from './sentences.js'

/** Stable codes of the errors that this package throws besides Node's own argument errors. */
export type ErrorCode =
  /** The platform is not Linux. */
  | 'ERR_PTRACE_PROBE_PLATFORM'
  /** The native addon is missing or cannot be loaded. */
  | 'ERR_PTRACE_PROBE_ADDON'
  /** The measurement could not be started, or did not come to its end. */
  | 'ERR_PTRACE_PROBE_ENGINE'
  /** The question was not answered within `timeoutMs`. */
  | 'ERR_PTRACE_PROBE_TIMEOUT'
  /** This process may not become the user whose access was in question. */
  | 'ERR_PTRACE_PROBE_IDENTITY'
  /** No unrelated process can be made: this process adopts its orphans. */
  | 'ERR_PTRACE_PROBE_NO_STRANGER'
  /** The process or the program that should attach is not there, or cannot be run. */
  | 'ERR_PTRACE_PROBE_NO_TRACER'
  /** `PTRACE_PROBE_REQUIRE` is set, and what a test needs is not allowed here. */
  | 'ERR_PTRACE_PROBE_REQUIRED'

interface Details {
  readonly cause?: unknown
  /** Positive, as the kernel gives it. */
  readonly errno?: number
  readonly syscall?: string
}

/** "Could not measure": no report is possible. A refusal is never an error but an observation. */
export class PtraceProbeError extends Error {
  /** Always `PtraceProbeError`. */
  override readonly name = 'PtraceProbeError'
  /** Programs match on this; the message may change. */
  readonly code: ErrorCode
  /** Negative, as in Node's own errors; only when a system call failed. */
  declare readonly errno?: number
  /** The system call that failed. */
  declare readonly syscall?: string

  /** @internal Made by this package only. */
  constructor(message: string, code: ErrorCode, { cause, errno, syscall }: Details = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    if (errno !== undefined) this.errno = -errno
    if (syscall !== undefined) this.syscall = syscall
  }
}

/** setuid(2) and setgroups(2) answer EPERM without root, EINVAL where the id is not mapped. */
const identityErrors = ['EPERM', 'EINVAL']

/**
 * This process may not become a user whose access is in question; null where another error says
 * nothing about that.
 *
 * @internal
 */
export function mayNotBecome(user: string, errno: number): PtraceProbeError | null {
  const name = errnoName(errno)
  if (!identityErrors.includes(name)) return null
  return new PtraceProbeError(
    `This process may not become ${visible(user)}, which takes root (${name})`,
    'ERR_PTRACE_PROBE_IDENTITY',
    { errno },
  )
}

/**
 * An argument mistake, worded and coded as Node words its own.
 *
 * @internal
 */
export function invalidArgument(
  kind: 'type' | 'value' | 'range',
  message: string,
): TypeError | RangeError {
  switch (kind) {
    case 'type':
      return Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' })
    case 'value':
      return Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_VALUE' })
    case 'range':
      return Object.assign(new RangeError(message), { code: 'ERR_OUT_OF_RANGE' })
    default:
      return kind satisfies never
  }
}
