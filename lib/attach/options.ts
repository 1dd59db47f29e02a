import { inspect } from 'node:util'
import {
  type AbortSignalLike,
  type AccessMethod,
  accessMethods,
  checkNames,
  checkSignal,
  checkTimeout,
  invalidArgument,
  isTracerName,
  maxPid,
  oneOf,
  type TracerName,
} from '../model/index.js'

/** Whose access is in question; {@link AttachOptions.tracer} says who they are. */
export type TracerOption =
  | TracerName
  | {
      /** The name of a user of this machine. */
      readonly user: string
    }

/** What {@link canAttach} and {@link survey} take. */
export interface AttachOptions {
  /**
   * Whose access is in question: this process (`self`), a debugger that it starts (`child`), an
   * unrelated process of this user (`stranger`), a process of another user, without capabilities unless
   * that is root (`user:NAME`, or `{ user }`; root only), a process that runs (`pid:N`), or a program
   * that this process would start (`program:PATH`). Of the last two nothing is run: what can be read of
   * them is read, and what cannot be known that way is `undetermined`. The `tracer` of a {@link Verdict}
   * can be given here.
   *
   * @defaultValue `'self'`; in a survey `'stranger'`
   * @throws TypeError if it is none of these
   */
  readonly tracer?: TracerOption
  /**
   * By which call: `attach` and `seize` are the two requests of ptrace(2) that attach, and gdb uses
   * the first, strace the second; `vm-read`, `proc-mem` and `pidfd-getfd` take memory and descriptors
   * without a tracer; `read` is the lesser access, PTRACE_MODE_READ, that perf and `/proc/PID/maps`
   * take. A filter may refuse one and not the other.
   *
   * @defaultValue `'attach'`
   * @throws TypeError if it is none of these; `traceme` is what a target does itself
   */
  readonly method?: AccessMethod
  /**
   * Longest time that the whole question may take, in milliseconds; in a survey for each 256
   * processes. After it the call fails with `ERR_PTRACE_PROBE_TIMEOUT`, at most a second later.
   *
   * @defaultValue 10000
   * @throws RangeError if not an integer in 1..600000
   */
  readonly timeoutMs?: number
  /**
   * Ends the question before its time: the promise then rejects with the signal's reason, as soon as
   * no process of it is left. A function that blocks looks at it once, before it begins.
   *
   * @defaultValue none
   * @throws TypeError if it is no AbortSignal
   */
  readonly signal?: AbortSignalLike
}

/**
 * {@link AttachOptions} after their check.
 *
 * @internal
 */
export interface CheckedAttachOptions {
  readonly tracer: TracerName
  readonly method: AccessMethod
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

/**
 * Checks what a caller passed; `usual` is the tracer where none is named.
 *
 * @internal
 */
export function checkAttachOptions(
  options: unknown = {},
  usual: TracerName = 'self',
): CheckedAttachOptions {
  const {
    tracer = usual,
    method,
    timeoutMs,
    signal,
  } = checkNames(options, ['tracer', 'method', 'timeoutMs', 'signal'])
  return {
    tracer: checkTracer(tracer),
    method: checkMethod(method),
    timeoutMs: checkTimeout(timeoutMs),
    signal: checkSignal(signal),
  }
}

function checkMethod(value: unknown = 'attach'): AccessMethod {
  if (oneOf(accessMethods, value)) return value
  const why =
    value === 'traceme' ? ': PTRACE_TRACEME is what a process does for its own parent' : ''
  throw invalidArgument(
    typeof value === 'string' ? 'value' : 'type',
    `Expected the \`method\` option to be one of ${accessMethods.join(', ')}, got ${inspect(value)}${why}`,
  )
}

function checkTracer(value: unknown): TracerName {
  if (typeof value === 'string' && isTracerName(value)) return value
  if (typeof value === 'object' && value !== null && 'user' in value) {
    const { user } = value
    if (typeof user === 'string' && user !== '' && !user.includes('\0')) return `user:${user}`
  }
  throw invalidArgument(
    typeof value === 'string' ? 'value' : 'type',
    `Expected the \`tracer\` option to be 'self', 'child', 'stranger', 'user:NAME', 'pid:N' or 'program:PATH' with an absolute path, got ${inspect(value)}`,
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
