import { type KnownPolicy, keysOf, policyRows } from '../model/index.js'

/** The policies that the package knows: what hardening guides and auditors ask for. */
export const policies: readonly KnownPolicy[] = keysOf(policyRows).map((id) => ({
  origin: 'known',
  id,
  ...policyRows[id],
}))
