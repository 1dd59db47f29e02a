import type { HostFacts, Remedy } from './report.js'

/**
 * What one can do, one row each. Who offers a remedy orders the rows: least privilege first.
 * A row says what it needs, how long it lasts and what it weakens; nothing here is ever run.
 */
export const remedies = {
  'run-as-root': {
    id: 'run-as-root',
    does: 'Run ptrace-probe as root, which can try with and without CAP_SYS_PTRACE.',
    command: 'sudo ptrace-probe',
    needs: 'root',
    lasts: 'process',
    weakens: 'nothing',
  },
  'run-untraced': {
    id: 'run-untraced',
    does: 'Run this process without its tracer.',
    needs: 'nothing',
    lasts: 'process',
    weakens: 'nothing',
  },
  'run-longer': {
    id: 'run-longer',
    does: 'Measure again with more time.',
    command: 'ptrace-probe --timeout 60000',
    needs: 'nothing',
    lasts: 'process',
    weakens: 'nothing',
  },
  'probe-the-host': {
    id: 'probe-the-host',
    does: 'Run ptrace-probe on the host, too: the kernel there may be another one.',
    needs: 'nothing',
    lasts: 'process',
    weakens: 'nothing',
  },
  'seccomp-allow-ptrace': {
    id: 'seccomp-allow-ptrace',
    does: 'Allow ptrace in the seccomp profile of the container or unit (systemd: SystemCallFilter=).',
    needs: 'root',
    lasts: 'process',
    weakens: 'target',
  },
  'container-cap-sys-ptrace': {
    id: 'container-cap-sys-ptrace',
    does: 'Start the container with CAP_SYS_PTRACE, for which default profiles let ptrace through.',
    command: '--cap-add=SYS_PTRACE',
    needs: 'root',
    lasts: 'process',
    weakens: 'target',
  },
  'exec-after-setuid': {
    id: 'exec-after-setuid',
    does: 'Change ids before Node starts (setpriv, a unit file) and leave its binary without file capabilities: execve makes a process dumpable again.',
    command: 'setpriv --reuid=USER --regid=GROUP --init-groups node PROGRAM',
    needs: 'root',
    lasts: 'process',
    weakens: 'target',
  },
  'scope-0-now': {
    id: 'scope-0-now',
    does: 'Lift the restriction for the whole machine until the next boot.',
    command: 'sysctl -w kernel.yama.ptrace_scope=0',
    needs: 'root',
    lasts: 'boot',
    weakens: 'machine',
  },
  'scope-1-now': {
    id: 'scope-1-now',
    does: 'Restrict attaching to descendants until the next boot.',
    command: 'sysctl -w kernel.yama.ptrace_scope=1',
    needs: 'root',
    lasts: 'boot',
    weakens: 'nothing',
  },
  'scope-2-now': {
    id: 'scope-2-now',
    does: 'Restrict attaching to processes with CAP_SYS_PTRACE until the next boot.',
    command: 'sysctl -w kernel.yama.ptrace_scope=2',
    needs: 'root',
    lasts: 'boot',
    weakens: 'nothing',
  },
  'scope-3-now': {
    id: 'scope-3-now',
    does: 'Forbid attaching until the next boot, to root as well; nothing but a reboot lifts it.',
    command: 'sysctl -w kernel.yama.ptrace_scope=3',
    needs: 'root',
    lasts: 'boot',
    weakens: 'nothing',
  },
  'scope-permanently': {
    id: 'scope-permanently',
    does: 'Set it for every boot: this prints the file that wins on this machine, and how to undo it.',
    command: 'ptrace-probe settings',
    needs: 'root',
    lasts: 'permanent',
    weakens: 'nothing',
  },
  'enable-yama': {
    id: 'enable-yama',
    does: 'Add yama to the security modules on the kernel command line (lsm=...,yama) of a kernel built with CONFIG_SECURITY_YAMA.',
    needs: 'reboot',
    lasts: 'permanent',
    weakens: 'nothing',
  },
  reboot: {
    id: 'reboot',
    does: 'Configure another value and reboot: the kernel refuses to lower 3 while it runs.',
    needs: 'reboot',
    lasts: 'permanent',
    weakens: 'machine',
  },
} as const satisfies Record<string, Remedy>

/** The packages of Fedora whose file switches the restriction off: that of 45, and that before. */
export const switchingPackages = ['yama-ptrace-enable', 'elfutils-default-yama-scope'] as const

/** The one that this release has; null where it is not Fedora, or a release that has no number. */
export function fedoraPackage({ id, version }: HostFacts['os']): string | null {
  const [since45, before] = switchingPackages
  if (id !== 'fedora' || version === null || !/^\d+$/.test(version)) return null
  return Number(version) >= 45 ? since45 : before
}

/**
 * The remedy where the kernel runs without Yama, with the parameter in full where the active modules
 * are known: `lsm=` replaces the list that the kernel was built with, all but `capability`
 * (Documentation/admin-guide/kernel-parameters.txt).
 */
export function enableYama(lsm: readonly string[] | null): Remedy {
  if (lsm === null) return remedies['enable-yama']
  const others = lsm.filter((name) => name !== 'capability')
  return { ...remedies['enable-yama'], command: `lsm=${[...others, 'yama'].join(',')}` }
}
