import type { KnownPolicy } from '../model/index.js'

const guide = {
  source: 'https://linux-audit.com/protect-ptrace-processes-kernel-yama-ptrace_scope/',
  // Undated; https://github.com/CISOfy/lynis/issues/390 linked to it that day.
  date: '2017-05-02',
}
const capableToo = ['sibling=denied', 'child=denied', 'capable/child=denied']
const descendantsOnly = ['sibling=denied', 'child=allowed']

/**
 * THE table of policies: what hardening guides and auditors ask for, and the behaviour that their
 * value stands for (Documentation/admin-guide/LSM/Yama.rst). `date` is that of the source: of its
 * edition, or of the version or thread in which it was read.
 */
export const policies: readonly KnownPolicy[] = [
  {
    id: 'desktop',
    title: 'Linux Audit, guide to ptrace_scope: desktop systems of a single user',
    ...guide,
    scope: [0, 1, 2],
    // It may be open, but the administrator is to be able to debug.
    relations: ['capable/child=allowed'],
  },
  {
    id: 'server',
    title: 'Linux Audit, guide to ptrace_scope: servers in general',
    ...guide,
    scope: [1, 2, 3],
    relations: ['sibling=denied'],
  },
  {
    id: 'dmz',
    title: 'Linux Audit, guide to ptrace_scope: systems in a DMZ with sensitive data',
    ...guide,
    scope: [3],
    relations: capableToo,
  },
  {
    id: 'stig',
    title: 'DISA STIG for RHEL 8, RHEL-08-040282',
    source: 'https://stigaview.com/products/rhel8/latest/RHEL-08-040282/',
    date: '2023-10-25',
    scope: [1],
    relations: descendantsOnly,
  },
  {
    id: 'cis',
    title: 'CIS Ubuntu Linux 24.04 LTS Benchmark 1.0.0, section 1.5.2',
    source: 'https://www.cisecurity.org/benchmark/ubuntu_linux',
    date: '2024-08-26',
    scope: [1],
    relations: descendantsOnly,
  },
  {
    id: 'kspp',
    title: 'Kernel Self-Protection Project, as kernel-hardening-checker has it',
    source:
      'https://github.com/a13xp0p0v/kernel-hardening-checker/blob/master/kernel_hardening_checker/checks.py',
    date: '2026-06',
    scope: [3],
    relations: capableToo,
  },
  {
    id: 'anssi',
    title: 'ANSSI-BP-028 2.0, R11',
    source: 'https://cyber.gouv.fr/sites/default/files/document/linux_configuration-en-v2.pdf',
    date: '2022-10',
    scope: [1, 2, 3],
    relations: ['sibling=denied'],
  },
  {
    id: 'lynis',
    title: 'Lynis, default profile, KRNL-6000',
    source: 'https://github.com/CISOfy/lynis/blob/master/default.prf',
    date: '2026-01',
    scope: [1, 2, 3],
    relations: ['sibling=denied'],
  },
  {
    id: 'cnspec',
    title: 'Mondoo cnspec, Linux security',
    source: 'https://github.com/mondoohq/cnspec/issues/1989',
    date: '2026-06-14',
    scope: [2, 3],
    relations: ['sibling=denied', 'child=denied'],
  },
  {
    id: 'dev-sec',
    title: 'DevSec Linux baseline, sysctl-35',
    source: 'https://github.com/dev-sec/linux-baseline/pull/193',
    date: '2026-05-24',
    scope: [2, 3],
    relations: ['sibling=denied', 'child=denied'],
  },
  {
    id: 'complianceascode',
    title: 'ComplianceAsCode (OpenSCAP), sysctl_kernel_yama_ptrace_scope',
    source:
      'https://github.com/ComplianceAsCode/content/blob/master/linux_os/guide/system/permissions/restrictions/sysctl_kernel_yama_ptrace_scope/rule.yml',
    date: '2026-08',
    scope: [1],
    relations: descendantsOnly,
  },
  {
    id: 'complianceascode-ubuntu2404',
    title: 'ComplianceAsCode (OpenSCAP), the same rule for Ubuntu 24.04',
    source:
      'https://github.com/ComplianceAsCode/content/blob/master/linux_os/guide/system/permissions/restrictions/sysctl_kernel_yama_ptrace_scope/rule.yml',
    date: '2026-08',
    scope: [1, 2, 3],
    relations: ['sibling=denied'],
  },
  {
    id: 'secureblue',
    title: 'secureblue: Yama at 1 or above, and SELinux with deny_ptrace',
    source: 'https://github.com/secureblue/secureblue/pull/2012',
    date: '2026-03-05',
    // https://github.com/secureblue/secureblue/pull/2433: its audit accepts higher values.
    scope: [1, 2, 3],
    relations: ['sibling=denied', 'child=denied'],
  },
  {
    id: 'kicksecure',
    title: 'Kicksecure, security-misc',
    source: 'https://github.com/Kicksecure/security-misc/pull/322',
    date: '2025-09-28',
    scope: [3],
    relations: capableToo,
  },
]
