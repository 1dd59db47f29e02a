import { inspect } from 'node:util'
import { invalidArgument } from './errors.js'
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

/** Options after their check, with every default filled in. */
export interface CheckedOptions {
  readonly timeoutMs: number
  readonly identities: readonly Identity[]
}

/** Measured unless the caller says otherwise. The verdict on the scope needs these three. */
export const defaultIdentities: readonly Identity[] = ['caller', 'unprivileged', 'owner']

const maxTimeoutMs = 600_000
const maxUsers = 8

/** Checks what a caller passed, with errors as Node words its own. */
export function checkProbeOptions(options: unknown = {}): CheckedOptions {
  if (typeof options !== 'object' || options === null) {
    throw invalidArgument('type', `Expected options to be an object, got ${inspect(options)}`)
  }
  for (const name of Object.keys(options)) {
    if (name !== 'timeoutMs' && name !== 'identities') {
      throw invalidArgument('value', `Unknown option \`${name}\`: expected timeoutMs or identities`)
    }
  }
  const { timeoutMs, identities } = options as ProbeOptions
  return { timeoutMs: checkTimeout(timeoutMs), identities: checkIdentities(identities) }
}

function checkTimeout(value: unknown = 10_000): number {
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

/** The user that an identity names, or null. */
export function userOf(identity: Identity): string | null {
  return identity.startsWith('user:') ? identity.slice('user:'.length) : null
}
