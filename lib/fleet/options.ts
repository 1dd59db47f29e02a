import { inspect } from 'node:util'
import {
  checkNames,
  invalidArgument,
  type KnownPolicy,
  type Policy,
  type PolicyId,
  type PolicyInput,
} from '../model/index.js'
import { policyOf } from '../policy/index.js'
import type { ProbeOptions } from '../probe/index.js'

/** What {@link collect} takes. */
export interface CollectOptions extends ProbeOptions {
  /**
   * What the host is compared with: policies by their ids, or policies of your own.
   *
   * @defaultValue `[]`
   * @throws TypeError if not an array of policies
   */
  readonly policies?: readonly (PolicyId | KnownPolicy | PolicyInput)[]
}

/**
 * Checks what a caller passed, as far as `probe` does not check it, before anything is measured.
 *
 * @internal
 */
export function checkCollectOptions(options: unknown = {}): {
  readonly policies: readonly Policy[]
} {
  const { policies = [] } = checkNames(options, ['timeoutMs', 'identities', 'policies'])
  if (Array.isArray(policies)) return { policies: policies.map(policyOf) }
  throw invalidArgument(
    'type',
    `Expected the \`policies\` option to be an array, got ${inspect(policies)}`,
  )
}
