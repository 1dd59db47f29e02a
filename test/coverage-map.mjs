/**
 * Which modules a test file covers: those of the folder of lib/ that its own folder is named after,
 * and the words that all folders share. What it runs of other folders does not count: their own tests
 * have to reach that. Tests of the repository, of the package and of kernels cover none.
 */

import { existsSync } from 'node:fs'

const lib = new URL('../lib/', import.meta.url)

/** @param {string} test a path below the root of the checkout, such as `test/probe/scope.test.ts` */
// biome-ignore lint/style/noDefaultExport: tap calls the default export.
export default function coverageMap(test) {
  const [, folder = ''] = test.split('/')
  if (!existsSync(new URL(folder, lib))) return null
  return [`lib/${folder}/**/*.ts`, 'lib/model/**/*.ts']
}
