import { inspect } from 'node:util'
import {
  type AbortSignalLike,
  checkNames,
  checkSignal,
  checkTimeout,
  type Identity,
  invalidArgument,
  oneOf,
  userOf,
} from '../model/index.js'

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
  /**
   * Asks only what leaves no line in the kernel's log, where Yama writes one for each attempt that it
   * refuses. Then the report cannot tell which scope is enforced, unless there is no Yama. The audit
   * records of other security modules do not count.
   *
   * @defaultValue false
   * @throws TypeError if not a boolean
   */
  readonly quietKernel?: boolean
  /**
   * Ends the measurement before its time: the promise then rejects with the signal's reason, as soon as
   * no process of it is left. A function that blocks looks at it once, before it begins.
   *
   * @defaultValue none
   * @throws TypeError if it is no AbortSignal
   */
  readonly signal?: AbortSignalLike
}

/**
 * Options after their check, with every default filled in.
 *
 * @internal
 */
export interface CheckedOptions {
  readonly timeoutMs: number
  readonly identities: readonly Identity[]
  readonly quietKernel: boolean
  readonly signal: AbortSignal | undefined
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
  const names = ['timeoutMs', 'identities', 'quietKernel', 'signal']
  const { timeoutMs, identities, quietKernel, signal } = checkNames(options, names)
  return {
    timeoutMs: checkTimeout(timeoutMs),
    identities: checkIdentities(identities),
    quietKernel: checkQuietKernel(quietKernel),
    signal: checkSignal(signal),
  }
}

function checkQuietKernel(value: unknown = false): boolean {
  if (typeof value === 'boolean') return value
  throw invalidArgument(
    'type',
    `Expected the \`quietKernel\` option to be a boolean, got ${inspect(value)}`,
  )
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
  return oneOf(defaultIdentities, value) || (!/\0/.test(value) && (userOf(value) ?? '') !== '')
}

/** The option of a measurement that stands for `--as-user`; none when no user was named. */
export function identitiesFor(users: readonly string[]): { identities?: Identity[] } {
  if (users.length === 0) return {}
  const named = users.map((user): Identity => `user:${user}`)
  return { identities: [...defaultIdentities, ...named] }
}
