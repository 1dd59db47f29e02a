import type { PolicyId } from './policies.js'
import type { Remedy } from './remedies.js'
import type { Publication, Text } from './shapes.js'
import { keysOf } from './tables.js'

interface ProfileRow {
  /** The policy that says the same, with its source. */
  readonly policy: PolicyId
  /** What the guide advises: one sentence. */
  readonly advice: string
}

/** THE table of kinds of machines, as Linux Audit's guide to ptrace_scope tells them apart. */
export const profileRows = {
  desktop: {
    policy: 'desktop',
    advice: 'On a desktop with one user any scope below 3 will do: 2, 1, or none.',
  },
  server: {
    policy: 'server',
    advice: 'On a server restrict ptrace: at best no process may use it (3), or else 2 or 1.',
  },
  dmz: {
    policy: 'dmz',
    advice: 'In a DMZ, with sensitive data, no process needs ptrace: set 3.',
  },
} as const satisfies Readonly<Record<string, ProfileRow>>

/** A kind of machine. */
export type ProfileName = keyof typeof profileRows

/** Every kind of machine. */
export const profileNames = keysOf(profileRows)

/** What a guide advises for a kind of machine, and whether this machine is like that. */
export interface ProfileAdvice {
  /** The kind of machine that was asked about. */
  readonly name: ProfileName
  /** What the guide advises: one sentence. */
  readonly advice: Text
  /** The guide. */
  readonly source: Publication
  /** Whether this machine behaves so; null where it could not be measured. */
  readonly met: boolean | null
  /** One sentence. */
  readonly message: Text
  /** What would change it, least privilege first. */
  readonly remedies: readonly Remedy[]
}
