/** What the guest is told. */
export interface Plan {
  readonly name: string
  /** Who comes over SSH, and may become root. */
  readonly user: string
}

/** The last visitor writes to it. */
export const doorway = '/run/doorway'

export const factFile = '/etc/ansible/facts.d/ptrace_probe.fact'

/** What was on the host. */
export interface Found {
  /** What each file is that the guest has and the machine of the tests has not, by its path. */
  readonly files: Readonly<Record<string, string>>
  readonly processes: readonly string[]
  /** The kernel's file; null without Yama. */
  readonly scope: string | null
  readonly fact: string | null
}

/** What comes back from one host. */
export interface Results {
  readonly before: Found
  readonly after: Found
}
