import { invalidArgument, type Policy, unknownWord } from '../model/index.js'
import { policies } from '../policy/index.js'

/** The policies that `--policy` names; `all` stands for every one. */
export function policiesNamed(names: readonly string[]): readonly Policy[] {
  return names.includes('all') ? policies : names.map(policyNamed)
}

/** What `--policy` takes, besides `all`. */
export function policyNames(): string {
  return policies.map(({ id }) => id).join(', ')
}

function policyNamed(name: string): Policy {
  const found = policies.find(({ id }) => id === name)
  if (found !== undefined) return found
  throw invalidArgument(
    'value',
    unknownWord('policy', name, ['all', ...policies.map(({ id }) => id)]),
  )
}
