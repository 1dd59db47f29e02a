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
