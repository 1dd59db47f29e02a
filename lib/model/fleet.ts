import type { Report } from './report.js'
import type { Text, Whole } from './shapes.js'

/** Hosts that share a fact. */
export interface HostGroup {
  /** What is true of them. */
  readonly value: Text
  /** How many they are. */
  readonly count: Whole
  /**
   * Some of their names, in the order in which they were read.
   *
   * @maxItems 5
   */
  readonly hosts: readonly Text[]
}

/** What a fleet does about one policy. */
export interface FleetPolicy {
  /** The name of the policy. */
  readonly id: Text
  /** `met`, `not met` and `unknown`, as far as there are such hosts. */
  readonly answers: readonly HostGroup[]
}

/** A line that is no envelope. */
export interface BadLine {
  /** Where it stands: `FILE:LINE`, or a file that cannot be read. */
  readonly place: Text
  /** One sentence. */
  readonly reason: Text
}

/** What `ptrace-probe merge` answers: the hosts of all envelopes, summed up. */
export interface Fleet {
  /** The version of this format. */
  readonly schemaVersion: 1
  /** What answered. */
  readonly tool: Report['tool']
  /** One sentence. */
  readonly message: Text
  /** How many envelopes were read. */
  readonly envelopes: Whole
  /** How many hosts they are from; of several envelopes of a host the latest counts. */
  readonly hosts: Whole
  /** By the scope that is enforced, and how certain that is. */
  readonly enforced: readonly HostGroup[]
  /** Whether the kernel's file says what is enforced. */
  readonly agreement: readonly HostGroup[]
  /** Whether a reboot will change the scope. */
  readonly drift: readonly HostGroup[]
  /** By the scope after a reboot. */
  readonly afterReboot: readonly HostGroup[]
  /** By finding; a host may have several. */
  readonly findings: readonly HostGroup[]
  /** By policy, as far as the hosts were asked. */
  readonly policies: readonly FleetPolicy[]
  /** By kernel. */
  readonly kernels: readonly HostGroup[]
  /** What could not be read. */
  readonly unread: {
    /** How many lines and files. */
    readonly count: Whole
    /**
     * The first of them.
     *
     * @maxItems 5
     */
    readonly first: readonly BadLine[]
  }
}
