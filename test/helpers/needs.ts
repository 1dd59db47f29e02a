import { spawnSync } from 'node:child_process'

interface Precondition {
  readonly skip: string | false
}

const met: Precondition = { skip: false }

/** Preconditions of tests: options of a subtest that skips it with the reason when one is not met. */
export const needs = {
  root(): Precondition {
    const uid = process.getuid?.()
    return uid === 0 ? met : { skip: `needs root, found uid ${uid}` }
  },
  program(name: string): Precondition {
    const { error } = spawnSync(name, ['--version'])
    return error === undefined ? met : { skip: `needs ${name}, found none` }
  },
  /** All of them; the first that is not met gives the reason. */
  all(...preconditions: readonly Precondition[]): Precondition {
    return preconditions.find(({ skip }) => skip !== false) ?? met
  },
}
