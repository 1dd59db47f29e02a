import type { Text } from './shapes.js'

/** What one can do, and what it costs. Nothing here is ever run. */
export interface Remedy {
  /** Stable name, such as `start-under-debugger`; a name has one meaning everywhere. */
  readonly id: RemedyId
  /** One sentence. */
  readonly does: Text
  /** What to type, where one command does it. */
  readonly command?: Text
  /** What it takes: nothing, the cooperation of the target, root, or a reboot. */
  readonly needs: 'nothing' | 'target' | 'root' | 'reboot'
  /** How long it lasts: as long as the process, until the next boot, or for good. */
  readonly lasts: 'process' | 'boot' | 'permanent'
  /**
   * What is less protected by it: nothing, the target, all processes of the user, or the machine.
   */
  readonly weakens: 'nothing' | 'target' | 'user' | 'machine'
}

/** A remedy, and how to take it back. */
export interface SettingsRemedy extends Remedy {
  /** A command that undoes it. */
  readonly undo?: Text
}

interface Row extends Omit<SettingsRemedy, 'id'> {}

/**
 * THE table of remedies, one row each. A name in angle brackets is a blank, which `remedy()` fills
 * in. A folder that offers remedies chooses rows and orders them, least privilege first.
 */
export const remedies = {
  // About a measurement.
  'measure-as-root': {
    does: 'Run ptrace-probe as root, which can try with and without CAP_SYS_PTRACE.',
    command: 'sudo ptrace-probe',
    needs: 'root',
    lasts: 'process',
    weakens: 'nothing',
  },
  'run-untraced': {
    does: 'Run this process without its tracer.',
    needs: 'nothing',
    lasts: 'process',
    weakens: 'nothing',
  },
  'run-longer': {
    does: 'Measure again with more time.',
    command: 'ptrace-probe --timeout 60000',
    needs: 'nothing',
    lasts: 'process',
    weakens: 'nothing',
  },
  'find-the-rule': {
    does: 'Look for what refuses: a BPF program that acts as a security module, or a line in the log of the kernel.',
    command: 'sudo bpftool prog list | grep -w lsm; sudo dmesg | tail',
    needs: 'root',
    lasts: 'process',
    weakens: 'nothing',
  },
  'probe-the-host': {
    does: 'Run ptrace-probe on the host, too: the kernel there may be another one.',
    needs: 'nothing',
    lasts: 'process',
    weakens: 'nothing',
  },

  // About one tracer and one target.
  'start-under-debugger': {
    does: 'Start the program under the debugger, which makes it the debugger’s descendant.',
    // Not by the target's name: that is no path, and the target itself chooses it.
    command: 'gdb --args PROGRAM ARGUMENTS',
    needs: 'nothing',
    lasts: 'process',
    weakens: 'nothing',
  },
  'exec-in-the-shell': {
    does: 'In the shell that started the target, replace the shell with the debugger, which then is the target’s parent.',
    command: 'exec strace -p <pid>',
    needs: 'nothing',
    lasts: 'process',
    weakens: 'nothing',
  },
  'start-in-a-namespace': {
    does: 'Start the program again under the debugger, both in a user namespace of their own, in which the debugger has CAP_SYS_PTRACE.',
    command: 'unshare -Ur gdb --args PROGRAM ARGUMENTS',
    needs: 'nothing',
    lasts: 'process',
    weakens: 'nothing',
  },
  'become-owner': {
    does: 'Become the owner of the target, which this process may. Nothing has to be started again.',
    command: 'setpriv --reuid=<uid> --regid=<gid> --clear-groups strace -p <pid>',
    needs: 'nothing',
    lasts: 'process',
    weakens: 'nothing',
  },
  'join-the-group': {
    does: 'Run the debugger with the group of the target, to which this user belongs.',
    command: "sg <group> -c 'strace -p <pid>'",
    needs: 'nothing',
    lasts: 'process',
    weakens: 'nothing',
  },
  'run-outside-the-namespace': {
    does: 'Run the debugger as the same user, but outside of the user namespace that the tracer is in.',
    needs: 'nothing',
    lasts: 'process',
    weakens: 'nothing',
  },
  'detach-other-tracer': {
    does: 'Detach or end the tracer that is there: a process can have only one.',
    needs: 'target',
    lasts: 'process',
    weakens: 'nothing',
  },
  'attach-to-one-thread': {
    does: 'Trace the first thread alone, as strace does without -f. gdb needs every thread.',
    command: 'strace -p <pid>',
    needs: 'nothing',
    lasts: 'process',
    weakens: 'nothing',
  },
  'name-the-tracer': {
    does: 'Have the target name its tracer with one call, before the tracer attaches. A second call replaces the first.',
    command: 'prctl(PR_SET_PTRACER, tracer_pid, 0, 0, 0);',
    needs: 'target',
    lasts: 'process',
    weakens: 'target',
  },
  'name-any-tracer-python': {
    does: 'In Python, have the target accept every process of its user as its tracer (0x59616d61 is PR_SET_PTRACER, -1 is PR_SET_PTRACER_ANY).',
    command: 'import ctypes; ctypes.CDLL(None).prctl(0x59616d61, ctypes.c_ulong(-1), 0, 0, 0)',
    needs: 'target',
    lasts: 'process',
    weakens: 'target',
  },
  'name-any-tracer-exec': {
    does: 'For a program that cannot call prctl, such as one in Node, make the call before it starts: the setting survives execve.',
    command:
      'python3 -c "import ctypes,os,sys; ctypes.CDLL(None).prctl(0x59616d61, ctypes.c_ulong(-1), 0, 0, 0); os.execvp(sys.argv[1], sys.argv[1:])" node app.js',
    needs: 'target',
    lasts: 'process',
    weakens: 'target',
  },
  'become-dumpable': {
    does: 'Have the target call prctl(PR_SET_DUMPABLE, 1). The kernel may then also dump its core.',
    command: 'prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);',
    needs: 'target',
    lasts: 'process',
    weakens: 'target',
  },
  'exec-after-setuid': {
    does: 'Change ids before Node starts (setpriv, a unit file) and leave its binary without file capabilities: execve makes a process dumpable again.',
    command: 'setpriv --reuid=USER --regid=GROUP --init-groups node PROGRAM',
    needs: 'root',
    lasts: 'process',
    weakens: 'target',
  },
  'run-outside-the-sandbox': {
    does: 'Run the debugger outside of the sandbox that the tracer is in: a Landlock domain cannot be left.',
    needs: 'nothing',
    lasts: 'process',
    weakens: 'nothing',
  },
  'run-outside-the-emulator': {
    does: 'Run the debugger outside of the emulator, where the kernel itself answers.',
    needs: 'nothing',
    lasts: 'process',
    weakens: 'nothing',
  },
  'run-outside-the-filter': {
    does: 'Run the debugger outside of what installed the seccomp filter: a filter cannot be removed.',
    needs: 'nothing',
    lasts: 'process',
    weakens: 'nothing',
  },
  'run-as-owner': {
    does: 'Run the debugger as the owner of the target.',
    // Not sudo -u: that refuses an id without a name, as in a container.
    command: 'sudo setpriv --reuid=<uid> --regid=<gid> --clear-groups <attach>',
    needs: 'root',
    lasts: 'process',
    weakens: 'nothing',
  },
  'run-outside-as-root': {
    // No command: where the tracer is, sudo would fail.
    does: 'Run the debugger as root from another login: nothing that the tracer starts can gain CAP_SYS_PTRACE (no_new_privs, or its bounding set).',
    needs: 'root',
    lasts: 'process',
    weakens: 'nothing',
  },
  'systemd-cap-sys-ptrace': {
    does: 'With systemd, run the debugger with this one capability; in the unit of a service the line is AmbientCapabilities=CAP_SYS_PTRACE.',
    command: 'systemd-run -t --uid=<uid> -p AmbientCapabilities=CAP_SYS_PTRACE <attach>',
    needs: 'root',
    lasts: 'process',
    weakens: 'nothing',
  },
  'run-as-root': {
    does: 'Run the debugger as root, which has CAP_SYS_PTRACE<condition>.',
    command: '<first>sudo <attach>',
    needs: 'root',
    lasts: 'process',
    weakens: 'nothing',
  },
  'debug-inside-the-namespace': {
    does: 'Run the debugger in the target’s own user namespace, with a shell inside its container.',
    needs: 'root',
    lasts: 'process',
    weakens: 'nothing',
  },

  // About a container, a filter or a security module.
  'container-cap-sys-ptrace': {
    does: 'Start the container with CAP_SYS_PTRACE; a process in it that is not root needs it as an ambient capability.',
    command: '--cap-add=SYS_PTRACE',
    needs: 'root',
    lasts: 'process',
    weakens: 'target',
  },
  'kubernetes-cap-sys-ptrace': {
    does: 'In Kubernetes, add the capability to the container, or debug from an ephemeral one that has it.',
    command:
      'securityContext: {capabilities: {add: ["SYS_PTRACE"]}}   # or: kubectl debug --profile=general --target=CONTAINER POD',
    needs: 'root',
    lasts: 'process',
    weakens: 'target',
  },
  'seccomp-default-profile': {
    does: 'Start the container with CAP_SYS_PTRACE: the default seccomp profiles then allow ptrace.',
    command: '--cap-add=SYS_PTRACE',
    needs: 'root',
    lasts: 'process',
    weakens: 'target',
  },
  'seccomp-allow-ptrace-container': {
    does: 'Start the container with a seccomp profile that allows ptrace.',
    command: '--security-opt seccomp=PROFILE.json',
    needs: 'root',
    lasts: 'process',
    weakens: 'target',
  },
  'seccomp-allow-ptrace': {
    does: 'Allow ptrace in the seccomp filter: in the profile of the container, or in the unit of a systemd service.',
    command: 'SystemCallFilter=ptrace   # under [Service], where a list of allowed calls is set',
    needs: 'root',
    lasts: 'process',
    weakens: 'target',
  },
  'apparmor-rule': {
    does: 'Allow it in the AppArmor profiles of both sides: trace for the tracer, tracedby for the target; a tracer that needs CAP_SYS_PTRACE for this target takes a line for the capability as well.',
    command: '<capability>ptrace (read, trace, readby, tracedby) peer=PROFILE,',
    needs: 'root',
    lasts: 'permanent',
    weakens: 'target',
  },
  'selinux-rule': {
    does: 'Find the refusal in the audit log and allow it, or switch off the boolean that denies ptrace to all.',
    command: 'ausearch -m AVC -ts recent | audit2why   # perhaps: setsebool deny_ptrace off',
    needs: 'root',
    lasts: 'boot',
    weakens: 'machine',
  },
  'selinux-deny-ptrace-off': {
    does: 'Switch off the boolean with which SELinux denies ptrace on the whole machine, now and for every boot.',
    command: 'setsebool -P deny_ptrace off',
    undo: 'setsebool -P deny_ptrace on',
    needs: 'root',
    lasts: 'permanent',
    weakens: 'machine',
  },
  'selinux-capability': {
    does: "Have SELinux's policy let the tracer's domain use CAP_SYS_PTRACE, with a module of one line.",
    command: '(allow DOMAIN self (capability (sys_ptrace)))   # in a file for semodule -i FILE.cil',
    needs: 'root',
    lasts: 'permanent',
    weakens: 'machine',
  },

  // About Yama's scope.
  'scope-0-now': {
    does: 'Lift the restriction for the whole machine until the next boot.',
    command: 'sysctl -w kernel.yama.ptrace_scope=0',
    needs: 'root',
    lasts: 'boot',
    weakens: 'machine',
  },
  'scope-1-now': {
    does: 'Restrict attaching to descendants until the next boot.',
    command: 'sysctl -w kernel.yama.ptrace_scope=1',
    needs: 'root',
    lasts: 'boot',
    weakens: 'nothing',
  },
  'scope-2-now': {
    does: 'Restrict attaching to processes with CAP_SYS_PTRACE until the next boot.',
    command: 'sysctl -w kernel.yama.ptrace_scope=2',
    needs: 'root',
    lasts: 'boot',
    weakens: 'nothing',
  },
  'scope-3-now': {
    does: 'Forbid attaching until the next boot, to root as well; nothing but a reboot lifts it.',
    command: 'sysctl -w kernel.yama.ptrace_scope=3',
    needs: 'root',
    lasts: 'boot',
    weakens: 'nothing',
  },
  'apply-now': {
    does: 'Set now what a reboot would set, <value>.',
    command: 'sysctl -w kernel.yama.ptrace_scope=<value>',
    undo: 'sysctl -w kernel.yama.ptrace_scope=<declared>',
    needs: 'root',
    lasts: 'boot',
    weakens: 'nothing',
  },
  reboot: {
    does: 'Configure another value than 3 and reboot: the kernel does not lower 3 while it runs.',
    needs: 'reboot',
    lasts: 'permanent',
    weakens: 'machine',
  },
  'scope-permanently': {
    does: 'Set it for every boot: this prints the file that wins on this machine, and how to undo it.',
    command: 'ptrace-probe settings',
    needs: 'root',
    lasts: 'permanent',
    weakens: 'nothing',
  },
  'scope-0-drop-in': {
    does: 'Lift the restriction for the whole machine after every boot; `ptrace-probe settings` says whether another file wins over this one.',
    command: "echo 'kernel.yama.ptrace_scope = 0' > /etc/sysctl.d/99-ptrace-scope.conf",
    needs: 'root',
    lasts: 'permanent',
    weakens: 'machine',
  },
  'scope-0-permanent': {
    does: 'Lift the restriction at every boot, with a file that goes after all others.',
    command: "echo 'kernel.yama.ptrace_scope = 0' > <path>",
    undo: 'rm <path>',
    needs: 'root',
    lasts: 'permanent',
    weakens: 'nothing',
  },
  'scope-1-permanent': {
    does: 'Restrict attaching to descendants at every boot, with a file that goes after all others.',
    command: "echo 'kernel.yama.ptrace_scope = 1' > <path>",
    undo: 'rm <path>',
    needs: 'root',
    lasts: 'permanent',
    weakens: 'nothing',
  },
  'scope-2-permanent': {
    does: 'Restrict attaching to processes with CAP_SYS_PTRACE at every boot, with a file that goes after all others.',
    command: "echo 'kernel.yama.ptrace_scope = 2' > <path>",
    undo: 'rm <path>',
    needs: 'root',
    lasts: 'permanent',
    weakens: 'nothing',
  },
  'scope-3-permanent': {
    does: 'Forbid attaching at every boot, to root as well, with a file that goes after all others.',
    command: "echo 'kernel.yama.ptrace_scope = 3' > <path>",
    undo: 'rm <path>',
    needs: 'root',
    lasts: 'permanent',
    weakens: 'nothing',
  },
  'keep-current': {
    does: 'Keep the current scope across reboots, with a file that goes after all others.',
    command: "echo 'kernel.yama.ptrace_scope = <value>' > <path>",
    undo: 'rm <path>',
    needs: 'root',
    lasts: 'permanent',
    weakens: 'nothing',
  },
  'kernel-command-line': {
    does: 'Have the kernel set it before anything else runs, with this parameter on its command line.',
    command: 'sysctl.kernel.yama.ptrace_scope=<value>',
    undo: 'remove sysctl.kernel.yama.ptrace_scope=<value>',
    needs: 'reboot',
    lasts: 'permanent',
    weakens: 'nothing',
  },
  'unmask-service': {
    does: 'Let systemd-sysctl read the files at boot again.',
    command: '<systemctl> unmask systemd-sysctl.service',
    undo: '<systemctl> mask systemd-sysctl.service',
    needs: 'root',
    lasts: 'permanent',
    weakens: 'machine',
  },
  'install-package': {
    does: 'Install the package that switches the restriction off for the whole machine, now and after reboots.',
    command: '<dnf> install <package>',
    undo: '<dnf> remove <package>',
    needs: 'root',
    lasts: 'permanent',
    weakens: 'machine',
  },
  'remove-package': {
    does: 'Remove <package>, whose file switches the restriction off.',
    command: '<dnf> remove <package>',
    undo: '<dnf> install <package>',
    needs: 'root',
    lasts: 'permanent',
    weakens: 'nothing',
  },
  'enable-yama': {
    does: 'Add yama to the security modules on the kernel command line (lsm=...,yama) of a kernel built with CONFIG_SECURITY_YAMA.',
    needs: 'reboot',
    lasts: 'permanent',
    weakens: 'nothing',
  },
} as const satisfies Readonly<Record<string, Row>>

/** The name of a remedy. */
export type RemedyId = keyof typeof remedies
