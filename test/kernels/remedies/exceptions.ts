import type { RemedyId } from '../../../lib/model/index.js'
import type { CarriedId } from '../guest/remedies/situations.js'

const ofMeasurement = 'it is about a measurement, and no attach follows from it'
const ofSettings =
  'it is about what a boot sets; test/settings tries it with real readers of sysctl.d'
const ofStrictness = 'it makes the machine stricter; the first part of the lane sets every scope'

/** Remedies that are not carried out here, and why. The type demands a reason for each. */
export const exceptions: Readonly<Record<Exclude<RemedyId, CarriedId>, string>> = {
  'measure-as-root': ofMeasurement,
  'run-untraced': ofMeasurement,
  'run-longer': ofMeasurement,
  'find-the-rule': 'it names what refuses, and changes nothing',
  'probe-the-host': ofMeasurement,
  'run-outside-the-emulator': 'test/attach/emulators.test.ts has the emulator, proot',
  'exec-after-setuid': 'it is offered to Node about itself, which is then a target as any other',
  'seccomp-default-profile':
    'the rooms of containers have default filters, with the capability and without',
  'kubernetes-cap-sys-ptrace':
    'it takes a cluster; it adds the capability that container-cap-sys-ptrace adds',
  'selinux-rule': 'what it changes is in the audit log of a distribution’s policy',
  'selinux-deny-ptrace-off':
    'test/kernels/selinux.test.ts carries it out without -P, under a policy that has the boolean',
  'selinux-capability': 'semodule needs the policy of a distribution',
  reboot: 'a machine of this lane ends at scope 3, and the next boot begins at 0',
  'install-package': 'test/kernels/fedora.test.ts installs it',
  'remove-package': 'test/kernels/fedora.test.ts removes it',
  'scope-1-now': ofStrictness,
  'scope-2-now': ofStrictness,
  'scope-3-now': ofStrictness,
  'enable-yama': ofStrictness,
  'apply-now': ofSettings,
  'scope-permanently': ofSettings,
  'scope-0-permanent': ofSettings,
  'scope-1-permanent': ofSettings,
  'scope-2-permanent': ofSettings,
  'scope-3-permanent': ofSettings,
  'keep-current': ofSettings,
  'kernel-command-line': ofSettings,
  'unmask-service': ofSettings,
}
