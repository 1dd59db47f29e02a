import { inspect } from 'node:util'
import { checkNames, checkTimeout, invalidArgument, maxPid } from '../model/index.js'

/** Whose access is in question; {@link AttachOptions.tracer} says who they are. */
export type TracerOption =
  | 'self'
  | 'child'
  | 'stranger'
  | {
      /** The name of a user of this machine. */
      readonly user: string
    }

/** What {@link canAttach} and {@link survey} take. */
export interface AttachOptions {
  /**
   * Whose access is in question: this process (`self`), a debugger that it starts (`child`), an
   * unrelated process of this user (`stranger`), or a process of another user without capabilities
   * (`{ user }`; root only).
   *
   * @defaultValue `'self'`
   * @throws TypeError if it is none of these
   */
  readonly tracer?: TracerOption
  /**
   * Longest time that another process may take to find out, in milliseconds; a survey's for each
   * 256 processes. After it the call fails with `ERR_PTRACE_PROBE_ENGINE`.
   *
   * @defaultValue 10000
   * @throws RangeError if not an integer in 1..600000
   */
  readonly timeoutMs?: number
}

/**
 * {@link AttachOptions} after their check.
 *
 * @internal
 */
export interface CheckedAttachOptions {
  readonly tracer: TracerOption
  readonly timeoutMs: number
}

/**
 * Checks what a caller passed.
 *
 * @internal
 */
export function checkAttachOptions(options: unknown = {}): CheckedAttachOptions {
  const { tracer = 'self', timeoutMs } = checkNames(options, ['tracer', 'timeoutMs'])
  return { tracer: checkTracer(tracer), timeoutMs: checkTimeout(timeoutMs) }
}

function checkTracer(value: unknown): TracerOption {
  if (value === 'self' || value === 'child' || value === 'stranger') return value
  if (typeof value === 'object' && value !== null && 'user' in value) {
    const { user } = value
    if (typeof user === 'string' && user !== '' && !user.includes('\0')) return { user }
  }
  throw invalidArgument(
    typeof value === 'string' ? 'value' : 'type',
    `Expected the \`tracer\` option to be 'self', 'child', 'stranger' or { user: NAME }, got ${inspect(value)}`,
  )
}

/**
 * Checks a process id.
 *
 * @internal
 */
export function checkPid(value: unknown): number {
  if (typeof value !== 'number') {
    throw invalidArgument('type', `Expected pid to be a number, got ${inspect(value)}`)
  }
  if (!Number.isInteger(value) || value < 1 || value > maxPid) {
    throw invalidArgument(
      'range',
      `Expected pid to be an integer from 1 to ${maxPid}, got ${value}`,
    )
  }
  return value
}
