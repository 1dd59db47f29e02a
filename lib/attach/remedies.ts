import type { Place } from '../machine/index.js'
import { type CauseId, fedoraPackage, type Remedy } from '../model/index.js'
import type { BareVerdict } from './verdict.js'

/** What decides whether a remedy can be applied where the tracer is. */
export interface Surroundings extends Omit<Place, 'lsm'> {
  /** The tracer has CAP_SYS_PTRACE in its effective set. */
  readonly capable: boolean
  /** The one user and the one group that the target runs as; null where it has several. */
  readonly owner: { readonly uid: number; readonly gid: number } | null
}

interface Row extends Omit<Remedy, 'command'> {
  /** Causes that it overcomes. It is offered only where it overcomes all that were found. */
  readonly overcomes: readonly CauseId[]
  /** False: it would change nothing here. */
  readonly applies?: (surroundings: Surroundings) => boolean
  readonly command?: string | ((verdict: BareVerdict, surroundings: Surroundings) => string)
}

const onHost = ({ container, childNamespace }: Surroundings): boolean =>
  container === null && !childNamespace
/** Where a program can be started that has more rights than the tracer. */
const canGain = (surroundings: Surroundings): boolean =>
  onHost(surroundings) && !surroundings.sealed && !surroundings.capable
const inContainer = ({ container }: Surroundings): boolean => container !== null
const credentials: readonly CauseId[] = ['owner', 'not-dumpable', 'capabilities']

/**
 * Every remedy, least privilege first. None is offered that would not help, and none sets a file
 * capability on a debugger: `setcap cap_sys_ptrace+ep` would let every user attach to everything.
 */
const rows: readonly Row[] = [
  {
    id: 'start-under-debugger',
    does: 'Start the program under the debugger, which makes it the debugger’s descendant.',
    // Not by its name, which is no path and which the target itself chooses.
    command: 'gdb --args PROGRAM ARGUMENTS',
    needs: 'nothing',
    lasts: 'process',
    weakens: 'nothing',
    overcomes: ['yama-restricted'],
  },
  {
    id: 'detach-other-tracer',
    does: 'Detach or end the tracer that is there: a process can have only one.',
    needs: 'target',
    lasts: 'process',
    weakens: 'nothing',
    overcomes: ['already-traced'],
  },
  {
    id: 'name-the-tracer',
    does: 'Let the target name its tracer, which in C is one call; the tracer must wait until it was made, and a second call replaces the first.',
    command: 'prctl(PR_SET_PTRACER, tracer_pid, 0, 0, 0);',
    needs: 'target',
    lasts: 'process',
    weakens: 'target',
    overcomes: ['yama-restricted'],
  },
  {
    id: 'name-any-tracer-python',
    does: 'In Python, let the target accept every process of its user as its tracer (0x59616d61 is PR_SET_PTRACER, -1 anybody).',
    command: 'import ctypes; ctypes.CDLL(None).prctl(0x59616d61, ctypes.c_ulong(-1), 0, 0, 0)',
    needs: 'target',
    lasts: 'process',
    weakens: 'target',
    overcomes: ['yama-restricted'],
  },
  {
    id: 'name-any-tracer-exec',
    does: 'For Node and whatever else has no prctl, make the call before it starts: it survives execve.',
    command:
      'python3 -c "import ctypes,os,sys; ctypes.CDLL(None).prctl(0x59616d61, ctypes.c_ulong(-1), 0, 0, 0); os.execvp(sys.argv[1], sys.argv[1:])" node app.js',
    needs: 'target',
    lasts: 'process',
    weakens: 'target',
    overcomes: ['yama-restricted'],
  },
  {
    id: 'become-dumpable',
    does: 'Let the target call prctl(PR_SET_DUMPABLE, 1), which also lets it dump core.',
    command: 'prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);',
    needs: 'target',
    lasts: 'process',
    weakens: 'target',
    overcomes: ['not-dumpable'],
  },
  {
    id: 'run-outside-the-sandbox',
    does: 'Run the debugger outside of the sandbox that the tracer is in: a Landlock domain cannot be left.',
    needs: 'nothing',
    lasts: 'process',
    weakens: 'nothing',
    overcomes: ['landlock'],
  },
  {
    id: 'run-as-owner',
    does: 'Run the debugger as the owner of the target.',
    command: ({ pid }, { owner }) =>
      `sudo -u '#${owner?.uid ?? 'UID'}' -g '#${owner?.gid ?? 'GID'}' gdb -p ${pid}`,
    needs: 'root',
    lasts: 'process',
    weakens: 'nothing',
    overcomes: ['owner'],
    applies: (surroundings) => canGain(surroundings) && surroundings.owner !== null,
  },
  {
    id: 'run-outside-as-root',
    // No command: where the tracer is, sudo would fail.
    does: 'Run the debugger as root from another login: nothing that the tracer starts can gain CAP_SYS_PTRACE (no_new_privs, or its bounding set).',
    needs: 'root',
    lasts: 'process',
    weakens: 'nothing',
    overcomes: [...credentials, 'user-namespace', 'yama-restricted', 'yama-admin-only'],
    applies: (surroundings) => onHost(surroundings) && surroundings.sealed && !surroundings.capable,
  },
  {
    id: 'systemd-cap-sys-ptrace',
    does: 'With systemd, run the debugger with this one capability; in the unit of a service the line is AmbientCapabilities=CAP_SYS_PTRACE.',
    command: ({ pid }) =>
      `systemd-run -t --uid=USER -p AmbientCapabilities=CAP_SYS_PTRACE gdb -p ${pid}`,
    needs: 'root',
    lasts: 'process',
    weakens: 'nothing',
    overcomes: [...credentials, 'user-namespace', 'yama-restricted', 'yama-admin-only'],
    applies: canGain,
  },
  {
    id: 'run-as-root',
    does: 'Run the debugger as root, which has CAP_SYS_PTRACE.',
    command: ({ pid }) => `sudo gdb -p ${pid}`,
    needs: 'root',
    lasts: 'process',
    weakens: 'nothing',
    overcomes: [...credentials, 'user-namespace', 'yama-restricted', 'yama-admin-only'],
    applies: canGain,
  },
  {
    id: 'container-cap-sys-ptrace',
    does: 'Start the container with CAP_SYS_PTRACE; a process in it that is not root needs it as an ambient capability.',
    command: '--cap-add=SYS_PTRACE',
    needs: 'root',
    lasts: 'process',
    weakens: 'target',
    overcomes: [...credentials, 'yama-restricted', 'yama-admin-only'],
    applies: (surroundings) => inContainer(surroundings) && !surroundings.capable,
  },
  {
    id: 'kubernetes-cap-sys-ptrace',
    does: 'In Kubernetes, add the capability to the container, or debug from an ephemeral one that has it.',
    command:
      'securityContext: {capabilities: {add: ["SYS_PTRACE"]}}   # or: kubectl debug --profile=general --target=CONTAINER POD',
    needs: 'root',
    lasts: 'process',
    weakens: 'target',
    overcomes: [...credentials, 'yama-restricted', 'yama-admin-only'],
    applies: (surroundings) => inContainer(surroundings) && !surroundings.capable,
  },
  {
    id: 'debug-inside-the-namespace',
    does: 'Run the debugger in the target’s own user namespace, with a shell inside its container.',
    needs: 'root',
    lasts: 'process',
    weakens: 'nothing',
    overcomes: ['user-namespace'],
  },
  {
    id: 'run-outside-the-filter',
    does: 'Run the debugger outside of what installed the seccomp filter: nobody can take one off.',
    needs: 'nothing',
    lasts: 'process',
    weakens: 'nothing',
    overcomes: ['seccomp'],
  },
  {
    id: 'seccomp-allow-ptrace-container',
    does: 'Start the container with a seccomp profile that allows ptrace.',
    command: '--security-opt seccomp=PROFILE.json',
    needs: 'root',
    lasts: 'process',
    weakens: 'target',
    overcomes: ['seccomp'],
    applies: inContainer,
  },
  {
    id: 'seccomp-allow-ptrace',
    does: 'Allow ptrace in the seccomp profile around the tracer; for a service of systemd, in its unit.',
    command: 'SystemCallFilter=ptrace   # under [Service], where a list of allowed calls is set',
    needs: 'root',
    lasts: 'process',
    weakens: 'target',
    overcomes: ['seccomp'],
  },
  {
    id: 'apparmor-rule',
    does: 'Allow it in the AppArmor profiles of both sides: trace for the tracer, tracedby for the target; a tracer that needs CAP_SYS_PTRACE for this target takes a line for the capability as well.',
    command: (_, { capable }) =>
      `${capable ? 'capability sys_ptrace, ' : ''}ptrace (read, trace, readby, tracedby) peer=PROFILE,`,
    needs: 'root',
    lasts: 'permanent',
    weakens: 'target',
    overcomes: ['apparmor'],
  },
  {
    id: 'selinux-rule',
    does: 'Find the refusal in the audit log and allow it, or switch off the boolean that denies ptrace to all.',
    command: 'ausearch -m AVC -ts recent | audit2why   # perhaps: setsebool deny_ptrace off',
    needs: 'root',
    lasts: 'boot',
    weakens: 'machine',
    overcomes: ['selinux'],
    applies: onHost,
  },
  {
    id: 'fedora-package',
    does: 'Install the package that switches the restriction off for the whole machine, now and after reboots.',
    command: (_, { os }) => `dnf install ${fedoraPackage(os)}`,
    needs: 'root',
    lasts: 'permanent',
    weakens: 'machine',
    overcomes: ['yama-restricted'],
    applies: (surroundings) => onHost(surroundings) && fedoraPackage(surroundings.os) !== null,
  },
  {
    id: 'scope-0-now',
    does: 'Lift the restriction for the whole machine until the next boot.',
    command: 'sysctl -w kernel.yama.ptrace_scope=0',
    needs: 'root',
    lasts: 'boot',
    weakens: 'machine',
    overcomes: ['yama-restricted', 'yama-admin-only'],
    applies: onHost,
  },
  {
    id: 'scope-0-permanent',
    does: 'Lift the restriction for the whole machine after every boot; `ptrace-probe settings` says whether another file wins over this one.',
    command: "echo 'kernel.yama.ptrace_scope = 0' > /etc/sysctl.d/99-ptrace-scope.conf",
    needs: 'root',
    lasts: 'permanent',
    weakens: 'machine',
    overcomes: ['yama-restricted', 'yama-admin-only'],
    applies: onHost,
  },
  {
    id: 'reboot',
    does: 'Configure a lower value than 3 and reboot: the kernel refuses to lower it while it runs.',
    needs: 'reboot',
    lasts: 'permanent',
    weakens: 'machine',
    overcomes: ['yama-no-attach'],
    applies: onHost,
  },
]

/** The remedies that would help with this verdict here. */
export function remediesFor(verdict: BareVerdict, surroundings: Surroundings): Remedy[] {
  if (verdict.verdict !== 'denied' || verdict.causes.length === 0) return []
  return rows
    .filter(({ overcomes }) => verdict.causes.every(({ id }) => overcomes.includes(id)))
    .filter(({ applies = () => true }) => applies(surroundings))
    .map(({ overcomes, applies, command, ...remedy }) => {
      if (command === undefined) return remedy
      const text = typeof command === 'string' ? command : command(verdict, surroundings)
      return { ...remedy, command: text }
    })
}
