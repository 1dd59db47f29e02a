import type { ReaderName } from './readers.js'
import type { SettingsRemedy } from './remedies.js'
import type { HostFacts, Report } from './report.js'
import type { DeclaredScope } from './scope-report.js'
import type { Scope } from './scopes.js'
import type { Positive, Text } from './shapes.js'

/** A package database that is there but could not be read. */
export interface UnreadDatabase {
  /** Which kind. */
  readonly name: 'apk' | 'dpkg' | 'pacman' | 'rpm'
  /** Why: one sentence. */
  readonly reason: Text
}

/** One line, or one parameter of the kernel, that assigns the scope or excludes it. */
export interface Assignment {
  /** Its path below the root. */
  readonly file: Text
  /** Counted from 1, as its reader counts. */
  readonly line: Positive
  /** As it is written; null where the line excludes the key (`-key`). */
  readonly value: string | null
  /** Whether a boot ends with the value that it sets. */
  readonly effective: boolean
  /** What overrides it, as `FILE:LINE`, or as `FILE` when that hides its whole file. */
  readonly overriddenBy: Text | null
  /** One sentence. */
  readonly reason: Text
  /** The package that owns the file; null when none does, or that cannot be told. */
  readonly package: Text | null
}

/** A package that lifts the restriction for the whole machine, and what brings it along. */
export interface PulledIn {
  /** Its name, such as `yama-ptrace-enable`. */
  readonly package: Text
  /** Whether it is installed. */
  readonly installed: boolean
  /** The installed packages that require or recommend it. */
  readonly by: readonly Text[]
}

/** SELinux's boolean `deny_ptrace`, which denies ptrace on the whole machine. */
export interface DenyPtrace {
  /** Whether it is on now; null in a tree that does not run, and where that cannot be read. */
  readonly now: boolean | null
  /** What setsebool(8) set for every boot; null where it set nothing, or that cannot be read. */
  readonly persistent: boolean | null
  /** The file that says so, by its path below the root; null where none does. */
  readonly file: Text | null
}

/** The whole answer of {@link settings}: what is configured, and what a reboot makes of it. */
export interface SettingsReport {
  /** Changes when a program that reads the answer has to change. */
  readonly schemaVersion: 1
  /** What answered. */
  readonly tool: Report['tool']
  /** Below which directory it was read. */
  readonly root: Text
  /** The distribution, by os-release(5). */
  readonly os: HostFacts['os']
  /** The program that reads the files at boot. */
  readonly reader: {
    /** As whom the files were read. */
    readonly name: ReaderName
    /** The file that shows it; null when nothing does. */
    readonly evidence: Text | null
  }
  /** Whether the kernel that runs has Yama; null when none runs below this root. */
  readonly yama: boolean | null
  /** Whether the files are applied at boot; null when that cannot be told. */
  readonly applied: boolean | null
  /** The scope that the kernel declares now; null without Yama, and in a tree that does not run. */
  readonly declared: DeclaredScope
  /** The scope of the kernel when nothing sets one, inferred from the distribution. */
  readonly builtIn: {
    /** Null when the distribution is not known. */
    readonly value: Scope | null
    /** Where that is documented. */
    readonly source: Text | null
  }
  /** What is configured; all null when nothing is. */
  readonly persistent: {
    /** The scope that the kernel ends with. */
    readonly value: Scope | null
    /** The file that sets it, by its path below the root. */
    readonly file: Text | null
    /** Its line, counted from 1. */
    readonly line: Positive | null
    /** The package that owns the file; null when none does, or that cannot be told. */
    readonly package: Text | null
  }
  /** In the order of reading; a file that another one hides stands before that. */
  readonly assignments: readonly Assignment[]
  /**
   * On Fedora and its kin, the package that sets 0, and which debuggers want it; null elsewhere, and
   * where that cannot be told.
   */
  readonly pulledIn: PulledIn | null
  /** SELinux's own switch; null where there is no such boolean, or nothing tells of it. */
  readonly denyPtrace: DenyPtrace | null
  /** The scope after a reboot; null when that cannot be told, or does not depend on this root. */
  readonly afterReboot: Scope | null
  /** Whether the scope is 3 now, which nothing but a reboot changes. */
  readonly latched: boolean
  /** Whether the scope now is another than after a reboot; null when either is not known. */
  readonly drift: boolean | null
  /** Whether a file or directory was in the way of an answer that it might have changed. */
  readonly complete: boolean
  /** One sentence each: what could not be read, what has no effect, what to know about the answer. */
  readonly problems: readonly Text[]
  /** What would change the scope after a reboot, or now; least privilege first. */
  readonly remedies: readonly SettingsRemedy[]
}
