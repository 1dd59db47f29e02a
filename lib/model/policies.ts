import type { Consent } from './consents.js'
import type { Method } from './methods.js'
import type { Relation } from './relations.js'
import type { Scope } from './scopes.js'
import type { Path, PolicyDate, PolicyName, Publication, Title } from './shapes.js'
import type { Identity } from './vocabulary.js'

/**
 * Who is to get at whom: an identity of the report, or `capable`, a tracer with CAP_SYS_PTRACE over
 * the target.
 */
export type Asker = Identity | 'capable'

/** The forms of an expectation, in the words of the report. */
export type RelationForm =
  `${'' | `${Asker}/`}${Relation}${'' | `+${Consent}`}${'' | `/${Method}`}=${'allowed' | 'denied'}`

/**
 * `[IDENTITY/]RELATION[+CONSENT][/METHOD]=allowed`, or `=denied`. The identity is `unprivileged`
 * where none is given; `capable` stands for a tracer with `CAP_SYS_PTRACE` over the target, which is
 * `caller` or `owner`. The type takes any text, and `evaluate` refuses one of another form.
 */
export type RelationText = RelationForm | (string & {})

/**
 * The scopes that a policy accepts.
 *
 * @minItems 1
 * @uniqueItems true
 * @inline
 */
export type AcceptedScopes = readonly Scope[]

/**
 * Who wrote a policy: `known` is one of the {@link policies}, `file:PATH` is of `--policy-file`,
 * `command-line` is what `--scope` and `--relation` say, and `program` was passed to {@link evaluate}.
 */
export type PolicyOrigin = 'known' | 'command-line' | 'program' | `file:${Path}`

/** A policy with every field filled in. */
export interface Policy {
  /** Where it comes from. Only a `known` one is published by the authority that it names. */
  readonly origin: PolicyOrigin
  /** A short name. */
  readonly id: PolicyName
  /** One line. */
  readonly title: Title
  /** Where it is published; null for one of your own. */
  readonly source: Publication | null
  /** The date of the source; null where there is none. */
  readonly date: PolicyDate | null
  /** The accepted scopes; null: any. */
  readonly scope: AcceptedScopes | null
  /** The behaviour that it is meant to enforce. */
  readonly relations: readonly RelationText[]
}

interface PolicyRow extends Omit<Policy, 'id' | 'origin'> {
  readonly source: Publication
  readonly date: PolicyDate
  readonly scope: AcceptedScopes
  readonly relations: readonly RelationForm[]
}

const guide = {
  source: 'https://linux-audit.com/protect-ptrace-processes-kernel-yama-ptrace_scope/',
  // Undated; https://github.com/CISOfy/lynis/issues/390 linked to it that day.
  date: '2017-05-02',
} as const
const capableToo = ['sibling=denied', 'child=denied', 'capable/child=denied'] as const
const descendantsOnly = ['sibling=denied', 'child=allowed'] as const

/**
 * THE table of policies: what hardening guides and auditors ask for, and the behaviour that their
 * value stands for (Documentation/admin-guide/LSM/Yama.rst). `date` is that of the source: of its
 * edition, or of the version or thread in which it was read.
 */
export const policyRows = {
  desktop: {
    title: 'Linux Audit, guide to ptrace_scope: desktop systems of a single user',
    ...guide,
    scope: [0, 1, 2],
    // It may be open, but the administrator is to be able to debug.
    relations: ['capable/child=allowed'],
  },
  server: {
    title: 'Linux Audit, guide to ptrace_scope: servers in general',
    ...guide,
    scope: [1, 2, 3],
    relations: ['sibling=denied'],
  },
  dmz: {
    title: 'Linux Audit, guide to ptrace_scope: systems in a DMZ with sensitive data',
    ...guide,
    scope: [3],
    relations: capableToo,
  },
  stig: {
    title: 'DISA STIG for RHEL 8, RHEL-08-040282',
    source: 'https://stigaview.com/products/rhel8/latest/RHEL-08-040282/',
    date: '2023-10-25',
    scope: [1],
    relations: descendantsOnly,
  },
  cis: {
    title: 'CIS Ubuntu Linux 24.04 LTS Benchmark 1.0.0, section 1.5.2',
    source: 'https://www.cisecurity.org/benchmark/ubuntu_linux',
    date: '2024-08-26',
    scope: [1],
    relations: descendantsOnly,
  },
  kspp: {
    title: 'Kernel Self-Protection Project, as kernel-hardening-checker has it',
    source:
      'https://github.com/a13xp0p0v/kernel-hardening-checker/blob/master/kernel_hardening_checker/checks.py',
    date: '2026-06',
    scope: [3],
    relations: capableToo,
  },
  anssi: {
    title: 'ANSSI-BP-028 2.0, R11',
    source: 'https://cyber.gouv.fr/sites/default/files/document/linux_configuration-en-v2.pdf',
    date: '2022-10',
    scope: [1, 2, 3],
    relations: ['sibling=denied'],
  },
  lynis: {
    title: 'Lynis, default profile, KRNL-6000',
    source: 'https://github.com/CISOfy/lynis/blob/master/default.prf',
    date: '2026-01',
    scope: [1, 2, 3],
    relations: ['sibling=denied'],
  },
  cnspec: {
    title: 'Mondoo cnspec, Linux security',
    source: 'https://github.com/mondoohq/cnspec/issues/1989',
    date: '2026-06-14',
    scope: [2, 3],
    relations: ['sibling=denied', 'child=denied'],
  },
  'dev-sec': {
    title: 'DevSec Linux baseline, sysctl-35',
    source: 'https://github.com/dev-sec/linux-baseline/pull/193',
    date: '2026-05-24',
    scope: [2, 3],
    relations: ['sibling=denied', 'child=denied'],
  },
  complianceascode: {
    title: 'ComplianceAsCode (OpenSCAP), sysctl_kernel_yama_ptrace_scope',
    source:
      'https://github.com/ComplianceAsCode/content/blob/master/linux_os/guide/system/permissions/restrictions/sysctl_kernel_yama_ptrace_scope/rule.yml',
    date: '2026-08',
    scope: [1],
    relations: descendantsOnly,
  },
  'complianceascode-ubuntu2404': {
    title: 'ComplianceAsCode (OpenSCAP), the same rule for Ubuntu 24.04',
    source:
      'https://github.com/ComplianceAsCode/content/blob/master/linux_os/guide/system/permissions/restrictions/sysctl_kernel_yama_ptrace_scope/rule.yml',
    date: '2026-08',
    scope: [1, 2, 3],
    relations: ['sibling=denied'],
  },
  secureblue: {
    title: 'secureblue: Yama at 1 or above, and SELinux with deny_ptrace',
    source: 'https://github.com/secureblue/secureblue/pull/2012',
    date: '2026-03-05',
    // https://github.com/secureblue/secureblue/pull/2433: its audit accepts higher values.
    scope: [1, 2, 3],
    relations: ['sibling=denied', 'child=denied'],
  },
  'cve-2026-46333': {
    // Patched kernels do not need it; a version does not tell, because distributions backport.
    // The advisory: https://cdn2.qualys.com/advisory/2026/05/20/cve-2026-46333-ptrace.txt.
    title: 'CVE-2026-46333 (exit race in __ptrace_may_access), as fleets mitigate it',
    source: 'https://github.com/stackhpc/ansible-slurm-appliance/pull/965',
    date: '2026-05-15',
    // https://github.com/peass-ng/PEASS-ng/pull/649 takes 2 for mitigated, too; 3 refuses more.
    scope: [2, 3],
    relations: ['sibling=denied', 'child=denied'],
  },
  kicksecure: {
    title: 'Kicksecure, security-misc',
    source: 'https://github.com/Kicksecure/security-misc/pull/322',
    date: '2025-09-28',
    scope: [3],
    relations: capableToo,
  },
} as const satisfies Readonly<Record<string, PolicyRow>>

/** The name of a policy that the package knows. A policy of your own may have any other. */
export type PolicyId = keyof typeof policyRows

/** One of the {@link policies}. */
export interface KnownPolicy extends Policy {
  /** Always `known`. */
  readonly origin: 'known'
  /** Its name in the table. */
  readonly id: PolicyId
  /** The accepted scopes. */
  readonly scope: AcceptedScopes
}
