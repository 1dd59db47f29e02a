import type { Identity } from '../model/index.js'

/** The option of a measurement that stands for `--as-user`; none when no user was named. */
export function identitiesFor(users: readonly string[]): { identities?: Identity[] } {
  if (users.length === 0) return {}
  const named = users.map((user): Identity => `user:${user}`)
  return { identities: ['caller', 'unprivileged', 'owner', ...named] }
}
