/** Checks that the arguments of several functions share, with errors as Node words its own. */

import { inspect } from 'node:util'
import { invalidArgument } from './errors.js'
import { isObject } from './guards.js'
import { defaultTimeoutMs, maxTimeoutMs } from './limits.js'

/** Checks that options are an object with no other names than these. */
export function checkNames(
  options: unknown,
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  if (!isObject(options)) {
    throw invalidArgument('type', `Expected options to be an object, got ${inspect(options)}`)
  }
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) {
      throw invalidArgument('value', `Unknown option \`${name}\`: expected ${names.join(' or ')}`)
    }
  }
  return options
}

/** Checks a time limit in milliseconds. */
export function checkTimeout(value: unknown = defaultTimeoutMs): number {
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

/** An AbortSignal, of Node or of a browser: described here, so that neither's types are needed. */
export interface AbortSignalLike {
  /** Whether it was aborted. */
  readonly aborted: boolean
  /** Why: what the promise rejects with. */
  readonly reason: unknown
  /**
   * Adds a listener.
   *
   * @param type - the event
   * @param listener - what is called
   */
  addEventListener(type: 'abort', listener: () => void): void
  /**
   * Takes it away.
   *
   * @param type - the event
   * @param listener - what was called
   */
  removeEventListener(type: 'abort', listener: () => void): void
  /** Throws the reason where it was aborted. */
  throwIfAborted(): void
}

/** Checks what can end a question before its time. As for Node itself, its class does not matter. */
export function checkSignal(value: unknown): AbortSignal | undefined {
  if (value === undefined || isSignal(value)) return value
  throw invalidArgument(
    'type',
    `Expected the \`signal\` option to be an AbortSignal, got ${inspect(value)}`,
  )
}

function isSignal(value: unknown): value is AbortSignal {
  return isObject(value) && 'aborted' in value && 'throwIfAborted' in value
}
