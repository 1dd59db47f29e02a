import type { Circumstances, Situation } from '../evidence.js'

/** user:role:type, perhaps with a level. */
export function isSelinuxContext(label: string): boolean {
  return /^[^:\s]+:[^:\s]+:[^:\s]+/.test(label)
}

/** Modules that confine by labels. */
export const macNames = { selinux: 'SELinux', apparmor: 'AppArmor', smack: 'Smack' } as const
type Mac = keyof typeof macNames
const macs: readonly Mac[] = ['selinux', 'apparmor', 'smack']

/** Whether a label of /proc/PID/attr/current says that the module confines the process. */
const confining: Readonly<Record<Mac, (label: string) => boolean>> = {
  selinux: isSelinuxContext,
  // A profile is shown with its mode. An unconfined process has no profile, or one that says so.
  apparmor: (label) => / \((?!unconfined)[a-z]+\)$/.test(label),
  // Any word: it means Smack only where Smack is known to be active.
  smack: (label) => label !== '',
}

/** What SELinux says of the access that the method asks for; null where it was not asked. */
export function selinuxGrants({ selinux, method }: Circumstances): boolean | null {
  if (selinux === null) return null
  return method === 'read' ? selinux.read : selinux.attach
}

/** SELinux denies ptrace on the whole machine; reading alone is another permission of its. */
export function deniesPtrace({ selinux, method }: Circumstances): boolean {
  return method !== 'read' && selinux?.denyPtrace === true
}

/** Modules that have a say about this tracer and this target. */
export function concernedMacs({ circumstances, self, target }: Situation): Mac[] {
  const { lsm } = circumstances
  const labels = [self.label, target.label].filter((label) => label !== null)
  return macs.filter((mac) => {
    const active = lsm === null ? mac !== 'smack' : lsm.includes(mac)
    const grants = mac === 'selinux' && selinuxGrants(circumstances) === true
    return active && !grants && labels.some(confining[mac])
  })
}

/** A module of labels may have a say. */
export function macMayRefuse(situation: Situation): boolean {
  return concernedMacs(situation).length > 0
}

/** A module that refuses READ as well may have a say. */
export function moduleMayRefuse(situation: Situation): boolean {
  return situation.circumstances.controls.landlockDomains !== 0 || macMayRefuse(situation)
}
