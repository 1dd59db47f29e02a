/** Yama's modes by number (Documentation/admin-guide/LSM/Yama.rst). */
export const scopeNames = ['classic', 'restricted', 'admin-only', 'no-attach'] as const
/** The name of one of Yama's modes: 0 `classic`, 1 `restricted`, 2 `admin-only`, 3 `no-attach`. */
export type ScopeName = (typeof scopeNames)[number]

/** The values of `kernel.yama.ptrace_scope`, by number. */
export const scopes = [0, 1, 2, 3] as const
/** A value of `kernel.yama.ptrace_scope`. */
export type Scope = (typeof scopes)[number]

/**
 * Some of them, each once.
 *
 * @uniqueItems true
 * @inline
 */
export type Scopes = readonly Scope[]

/** A scope and its name, such as `1 (restricted)`. */
export function namedScope(scope: Scope): string {
  return `${scope} (${scopeNames[scope]})`
}

/** Scopes as a phrase, such as `0, 1 or 2`. */
export function listScopes(accepted: readonly Scope[]): string {
  const last = accepted.at(-1)
  return accepted.length < 2 ? String(last) : `${accepted.slice(0, -1).join(', ')} or ${last}`
}
