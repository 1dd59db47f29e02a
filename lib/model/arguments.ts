import { inspect } from 'node:util'
import { invalidArgument } from './errors.js'
import { defaultTimeoutMs, maxPid, maxTimeoutMs } from './limits.js'
import type { Identity } from './vocabulary.js'

/** What {@link probe} takes. */
export interface ProbeOptions {
  /**
   * Longest time that the whole measurement may take, in milliseconds. What was not tried by then
   * is reported as `inconclusive`; every process is ended either way.
   *
   * @defaultValue 10000
   * @throws RangeError if not an integer in 1..600000
   */
  readonly timeoutMs?: number
  /**
   * As whom to try. `user:NAME` needs root.
   *
   * @defaultValue `['caller', 'unprivileged', 'owner']`
   * @throws TypeError if not an array of identities, or empty
   */
  readonly identities?: readonly Identity[]
}

/**
 * Options after their check, with every default filled in.
 *
 * @internal
 */
export interface CheckedOptions {
  readonly timeoutMs: number
  readonly identities: readonly Identity[]
}

/**
 * Measured unless the caller says otherwise. The verdict on the scope needs these three.
 *
 * @internal
 */
export const defaultIdentities: readonly Identity[] = ['caller', 'unprivileged', 'owner']

const maxUsers = 8

/**
 * Checks what a caller passed, with errors as Node words its own.
 *
 * @internal
 */
export function checkProbeOptions(options: unknown = {}): CheckedOptions {
  const { timeoutMs, identities } = checkNames(options, ['timeoutMs', 'identities'])
  return { timeoutMs: checkTimeout(timeoutMs), identities: checkIdentities(identities) }
}

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
   * Longest time that the whole question may take, in milliseconds; in a survey for each 256
   * processes. After it the call fails with `ERR_PTRACE_PROBE_TIMEOUT`, at most a second later.
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

/** What {@link settings} takes. */
export interface SettingsOptions {
  /**
   * The directory that is taken for the root, such as that of an unpacked image. Nothing is read
   * outside of it, whatever its links say.
   *
   * @defaultValue `'/'`
   * @throws TypeError if it is not a directory that can be read
   */
  readonly root?: string
}

/**
 * Checks what a caller passed.
 *
 * @internal
 */
export function checkSettingsOptions(options: unknown = {}): Required<SettingsOptions> {
  const { root = '/' } = checkNames(options, ['root'])
  if (typeof root !== 'string') {
    throw invalidArgument(
      'type',
      `Expected the \`root\` option to be a string, got ${inspect(root)}`,
    )
  }
  if (root === '' || root.includes('\0')) {
    throw invalidArgument(
      'value',
      `Expected the \`root\` option to be the path of a directory, got ${inspect(root)}`,
    )
  }
  return { root }
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

function checkNames(options: unknown, names: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof options !== 'object' || options === null) {
    throw invalidArgument('type', `Expected options to be an object, got ${inspect(options)}`)
  }
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) {
      throw invalidArgument('value', `Unknown option \`${name}\`: expected ${names.join(' or ')}`)
    }
  }
  return options as Readonly<Record<string, unknown>>
}

function checkTimeout(value: unknown = defaultTimeoutMs): number {
  if (typeof value !== 'number') {
    throw invalidArgument(
      'type',
      `Expected the \`timeoutMs\` option to be a number, got ${inspect(value)}`,
    )
  }
  if (!Number.isInteger(value) || value < 1 || value > maxTimeoutMs) {
    throw invalidArgument(
      'range',
      `Expected the \`timeoutMs\` option to be an integer from 1 to ${maxTimeoutMs}, got ${value}`,
    )
  }
  return value
}

function checkIdentities(value: unknown = defaultIdentities): readonly Identity[] {
  const expected = "'caller', 'unprivileged', 'owner' or 'user:NAME'"
  if (!Array.isArray(value) || value.length === 0) {
    throw invalidArgument(
      'type',
      `Expected the \`identities\` option to be a non-empty array of ${expected}, got ${inspect(value)}`,
    )
  }
  for (const identity of value) {
    if (!isIdentity(identity)) {
      throw invalidArgument(
        'value',
        `Expected each of the \`identities\` to be ${expected}, got ${inspect(identity)}`,
      )
    }
  }
  const distinct: Identity[] = [...new Set<Identity>(value)]
  const users = distinct.filter((identity) => userOf(identity) !== null)
  if (users.length > maxUsers) {
    throw invalidArgument(
      'range',
      `Expected at most ${maxUsers} users in \`identities\`, got ${users.length}`,
    )
  }
  return distinct
}

function isIdentity(value: unknown): value is Identity {
  if (typeof value !== 'string') return false
  return (defaultIdentities as readonly string[]).includes(value) || /^user:[^\0]+$/.test(value)
}

/**
 * The user that an identity names, or null.
 *
 * @internal
 */
export function userOf(identity: Identity): string | null {
  return identity.startsWith('user:') ? identity.slice('user:'.length) : null
}
