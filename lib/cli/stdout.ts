import { constants, fstatSync } from 'node:fs'

/** The descriptor. */
export const stdout = 1

/**
 * Whether standard output may be a terminal. Node's own stream loads the network stack when it is
 * first looked at, which takes longer than the rest of the command's own start. A pipe or a file does
 * without, and so does /dev/null (major 1, Documentation/admin-guide/devices.txt).
 */
export function isDevice(): boolean {
  const { rdev, mode } = fstatSync(stdout)
  return (mode & constants.S_IFMT) === constants.S_IFCHR && rdev >> 8 !== 1
}
