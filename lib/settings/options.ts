import { inspect } from 'node:util'
import { type AbortSignalLike, checkNames, checkSignal, invalidArgument } from '../model/index.js'

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
  /**
   * Ends the reading before its time: the promise then rejects with the signal's reason, as soon as
   * no process of it is left.
   *
   * @defaultValue none
   * @throws TypeError if it is no AbortSignal
   */
  readonly signal?: AbortSignalLike
}

/**
 * {@link SettingsOptions} after their check.
 *
 * @internal
 */
export interface CheckedSettingsOptions {
  readonly root: string
  readonly signal: AbortSignal | undefined
}

/**
 * Checks what a caller passed.
 *
 * @internal
 */
export function checkSettingsOptions(options: unknown = {}): CheckedSettingsOptions {
  const { root = '/', signal } = checkNames(options, ['root', 'signal'])
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
  return { root, signal: checkSignal(signal) }
}
