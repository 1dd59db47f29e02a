import { inspect } from 'node:util'
import { checkNames, invalidArgument } from '../model/index.js'

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
