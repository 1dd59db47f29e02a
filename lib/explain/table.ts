import type { Explanation } from '../model/index.js'
import type { causes } from './causes.js'

interface Row extends Omit<Explanation, 'causes'> {
  readonly causes: readonly (keyof typeof causes)[]
  /** Other wordings of the same. */
  readonly also?: readonly string[]
}

const general = 'docs/ptrace-operation-not-permitted.md'
const attaching = ['scope', 'owner', 'dumpable', 'traced', 'seccomp', 'modules'] as const
const refused = 'The kernel refused to let it attach to the process.'

/**
 * THE table of error texts, as the programs print them; three dots stand for what differs. The comment
 * above each row says in a run of what version it was seen, or where it is from.
 * `test/explain/programs.test.ts` runs some of them.
 */
export const rows: readonly Row[] = [
  // Run: gdb 13.1, at scopes 1 to 3, for another user and below a filter.
  {
    id: 'gdb-attach',
    programs: ['gdb', 'gcore'],
    text: 'ptrace: Operation not permitted',
    also: [
      // Not run: a patch that Ubuntu's gdb has and Debian's has not (gdb/inf-ptrace.c).
      'Could not attach to process.  If your uid matches the uid of the target process, check the setting of /proc/sys/kernel/yama/ptrace_scope',
    ],
    means: refused,
    causes: attaching,
    command: 'ptrace-probe check PID --tool gdb',
    page: general,
  },
  // Run: gdbserver 13.1.
  {
    id: 'gdbserver-attach',
    programs: ['gdbserver'],
    text: 'Cannot attach to process ...: Operation not permitted',
    means: refused,
    causes: attaching,
    command: 'ptrace-probe check PID',
    page: general,
  },
  // Run: gdb 13.1, strace 7.2. The third is of delve after 1.20, whose source was read.
  {
    id: 'already-traced',
    programs: ['gdb', 'strace', 'delve'],
    text: 'is already traced by process ...',
    also: ['is already being traced by pid ...', 'already being debugged by pid ...'],
    means: 'Another tracer has the process: the text names it.',
    causes: ['traced'],
    command: 'ptrace-probe check PID',
    page: general,
  },
  // Not run: the source was read (gdb/nat/linux-ptrace.c).
  {
    id: 'zombie',
    programs: ['gdb'],
    text: 'is a zombie - the process has already terminated',
    means: 'The process has ended; there is nothing to attach to.',
    causes: ['gone'],
    command: 'ptrace-probe check PID',
    page: general,
  },
  // Run: strace 6.1 and 7.2; ATTACH below a filter, and at scopes 2 and 3.
  {
    id: 'strace-attach',
    programs: ['strace'],
    text: 'attach: ptrace(PTRACE_SEIZE, ...): Operation not permitted',
    also: ['attach: ptrace(PTRACE_ATTACH, ...): Operation not permitted'],
    means: refused,
    causes: attaching,
    command: 'ptrace-probe check PID --tool strace',
    page: general,
  },
  // Run: strace 7.2.
  {
    id: 'strace-owner',
    programs: ['strace'],
    text: 'process ... may be owned by a different user',
    means: 'strace may not signal the process, and takes that for the reason.',
    causes: ['owner', 'namespace'],
    command: 'ptrace-probe check PID --tool strace',
    page: general,
  },
  // Run: strace 7.2, at scopes 1 to 3.
  {
    id: 'strace-scope',
    programs: ['strace'],
    text: 'sysctl kernel.yama.ptrace_scope = ... may be restricting this attach',
    means: 'strace read the scope and suspects it; no filter or security module was looked at.',
    causes: ['scope', 'dumpable', 'seccomp', 'modules'],
    command: 'ptrace-probe check PID --tool strace',
    page: general,
  },
  // Run: strace 6.1, ltrace 0.7.3 and gdbserver 13.1, below a filter and at scope 2.
  {
    id: 'start',
    programs: ['strace', 'ltrace', 'gdbserver'],
    text: 'PTRACE_TRACEME: Operation not permitted',
    also: ['ptrace(PTRACE_TRACEME, ...): Operation not permitted'],
    means: 'Not even a program that it starts itself may be traced.',
    causes: ['seccomp', 'scope', 'modules'],
    command: 'ptrace-probe require child/traceme',
    page: 'docs/docker.md',
  },
  // Run: gdb 13.1 below a filter.
  {
    id: 'gdb-start',
    programs: ['gdb'],
    text: 'Could not trace the inferior process',
    also: ['During startup program exited with code 127'],
    means: 'gdb may not trace the program that it starts itself.',
    causes: ['seccomp', 'scope', 'modules'],
    command: 'ptrace-probe require child/traceme',
    page: 'docs/docker.md',
  },
  // Run: lldb 14 below a filter.
  {
    id: 'lldb-start',
    programs: ['lldb'],
    text: "error: 'A' packet returned an error: 8",
    means: 'lldb-server could not start the program: it may not trace it, or not find it.',
    causes: ['seccomp', 'scope', 'modules'],
    command: 'ptrace-probe require child/traceme',
    page: 'docs/docker.md',
  },
  // Run: strace 6.1 confined by an AppArmor profile without a rule for ptrace.
  {
    id: 'access',
    programs: ['strace', 'gdb'],
    text: 'ptrace(PTRACE_SEIZE, ...): Permission denied',
    also: [
      'ptrace(PTRACE_ATTACH, ...): Permission denied',
      'PTRACE_TRACEME: Permission denied',
      'ptrace: Permission denied',
    ],
    means: 'The kernel answered EACCES. Yama answers EPERM, so a security module has refused.',
    causes: ['modules'],
    command: 'ptrace-probe check PID',
    page: general,
  },
  // Run: eu-stack 0.188, the first at scopes 1 and 2 and below a filter, the second for another user.
  {
    id: 'eu-stack',
    programs: ['eu-stack'],
    text: 'dwfl_thread_getframes tid ...: Operation not permitted',
    also: ['dwfl_linux_proc_report pid ...: Permission denied'],
    means: refused,
    causes: attaching,
    command: 'ptrace-probe check PID --tool eu-stack',
    page: general,
  },
  // Run: ltrace 0.7.3.
  {
    id: 'ltrace-attach',
    programs: ['ltrace'],
    text: 'Cannot attach to pid ...: Operation not permitted',
    means: refused,
    causes: attaching,
    command: 'ptrace-probe check PID --tool ltrace',
    page: general,
  },
  // Run: lldb 14.
  {
    id: 'lldb-attach',
    programs: ['lldb'],
    text: 'attach failed: Operation not permitted',
    also: ['error: attach failed:'],
    means: refused,
    causes: attaching,
    command: 'ptrace-probe check PID --tool lldb',
    page: general,
  },
  // Not run, lldb 14 has no such text: the source of later ones was read.
  {
    id: 'lldb-scope',
    programs: ['lldb'],
    text: 'The current value of ptrace_scope is ..., which can cause ptrace to fail to attach to a running process',
    also: ['This value cannot be changed without rebooting'],
    means: 'lldb was refused, read the scope, and shows it in place of the error.',
    causes: attaching,
    command: 'ptrace-probe check PID --tool lldb',
    page: general,
  },
  // Not run: from reports of users.
  {
    id: 'lldb-personality',
    programs: ['lldb'],
    text: 'personality set failed: Operation not permitted',
    means: 'personality(2) was refused, with which lldb switches address randomisation off.',
    causes: ['seccomp'],
    command: 'ptrace-probe require child/traceme',
    page: 'docs/docker.md',
  },
  // Run: dlv 1.20 below a filter, and where there is a tracer already.
  {
    id: 'delve-attach',
    programs: ['delve'],
    text: 'could not attach to pid ...: operation not permitted',
    means: refused,
    causes: attaching,
    command: 'ptrace-probe check PID --tool dlv',
    page: 'docs/delve.md',
  },
  // Run: dlv 1.20 below a filter.
  {
    id: 'delve-start',
    programs: ['delve'],
    text: 'could not launch process: fork/exec ...: operation not permitted',
    means: 'delve may not trace the program that it starts itself.',
    causes: ['seccomp', 'scope', 'modules'],
    command: 'ptrace-probe require child/traceme',
    page: 'docs/delve.md',
  },
  // Run: dlv 1.20, at scopes 1 and 2.
  {
    id: 'delve-scope',
    programs: ['delve'],
    text: 'this could be caused by a kernel security setting, try writing "0" to /proc/sys/kernel/yama/ptrace_scope',
    means: 'delve was refused, and the scope is not 0; it looked at nothing else.',
    causes: attaching,
    command: 'ptrace-probe check PID --tool dlv',
    page: 'docs/delve.md',
  },
  // Run: dlv 1.20.
  {
    id: 'delve-owner',
    programs: ['delve'],
    text: 'Could not attach to pid ...: current user does not own the process',
    means: 'The process belongs to another user.',
    causes: ['owner'],
    command: 'ptrace-probe check PID --tool dlv',
    page: 'docs/delve.md',
  },
  // Run: the first two, by gcc 12 under strace, below a filter and at scope 2. The others: later LLVM, the source was read.
  {
    id: 'leak-sanitizer',
    programs: ['LeakSanitizer'],
    text: 'LeakSanitizer does not work under ptrace (strace, gdb, etc)',
    also: [
      'LeakSanitizer has encountered a fatal error',
      'LeakSanitizer requires ptrace_scope to be disabled',
      'ptrace appears to be blocked (is seccomp enabled?)',
    ],
    means:
      'The thread that looks for leaks may not attach to the program; a debugger is rarely the reason.',
    causes: ['seccomp', 'traced', 'dumpable', 'scope', 'modules'],
    command: 'ptrace-probe require parent+tracer',
    page: 'docs/leak-sanitizer.md',
  },
  // Not run: the source was read.
  {
    id: 'py-spy',
    programs: ['py-spy'],
    text: 'Permission Denied: Try running again with elevated permissions',
    also: ['Please make sure you started your container with the SYS_PTRACE capability'],
    means: 'py-spy may not read the memory of the process, or not attach to it.',
    causes: ['scope', 'owner', 'dumpable', 'seccomp', 'modules'],
    command: 'ptrace-probe check PID --tool py-spy',
    page: 'docs/py-spy.md',
  },
  // Not run: the source was read.
  {
    id: 'rbspy',
    programs: ['rbspy'],
    text: 'Permission denied when reading from process',
    means: 'rbspy may not read the memory of the process.',
    causes: ['scope', 'owner', 'dumpable', 'seccomp', 'modules'],
    command: 'ptrace-probe check PID --method vm-read',
    page: 'docs/py-spy.md',
  },
  // Run: rr 5.6 below a filter and under strace.
  {
    id: 'rr-start',
    programs: ['rr'],
    text: 'child probably died before reaching SIGSTOP',
    means: 'rr may not attach to the program that it has started.',
    causes: ['seccomp', 'scope', 'modules'],
    command: 'ptrace-probe require child/seize',
    page: 'docs/docker.md',
  },
  // Run: rr 5.6.
  {
    id: 'rr-paranoid',
    programs: ['rr'],
    text: 'rr needs /proc/sys/kernel/perf_event_paranoid <= 1',
    means: 'rr may not count instructions: that is no matter of ptrace.',
    causes: ['paranoid'],
    command: null,
    page: 'docs/guide/tools.md',
  },
  // Not run: the source was read (MIEngine, UnixUtilities.cs).
  {
    id: 'vs-code',
    programs: ['VS Code (cppdbg)'],
    text: 'Superuser access is required to attach to a process',
    also: [
      'failed because of insufficient privileges',
      'To attach to an application on Linux, login as super user or set ptrace_scope to 0',
    ],
    means: 'The extension read a scope other than 0 and asks for root before it tries.',
    causes: attaching,
    command: 'ptrace-probe check PID --tool gdb',
    page: 'docs/vs-code.md',
  },
  // Not run: the source was read.
  {
    id: 'codelldb',
    programs: ['CodeLLDB'],
    text: 'Your system configuration restricts process attach to child processes only',
    also: [
      'Your system configuration restricts debugging to privileged processes only',
      'Your system configuration has disabled debugging',
    ],
    means: 'The extension read the scope: 1, 2 or 3.',
    causes: ['scope'],
    command: 'ptrace-probe check PID --tool lldb',
    page: 'docs/vs-code.md',
  },
  // Run: jhsdb of JDK 17, the first two below a filter, the third for another user.
  {
    id: 'jdk',
    programs: ['jhsdb', 'jstack -F', 'jmap -F'],
    text: "Can't attach to the process: ptrace(PTRACE_ATTACH, ..) failed for ...: Operation not permitted",
    also: [
      'ERROR: ptrace(PTRACE_ATTACH, ..) failed for ...: Operation not permitted',
      'Error attaching to process: cannot open binary file',
    ],
    means: `${refused} jcmd, and jstack without -F, need no ptrace.`,
    causes: attaching,
    command: 'ptrace-probe check PID',
    page: general,
  },
  // Not run: its documents say so.
  {
    id: 'async-profiler',
    programs: ['async-profiler'],
    text: 'Failed to change credentials to match the target process: Operation not permitted',
    means: 'It has to run as the user and the group of the JVM; it does without ptrace.',
    causes: ['sameUser'],
    command: 'ptrace-probe check PID --method read',
    page: 'docs/guide/tools.md',
  },
  // Not run: the source was read.
  {
    id: 'createdump',
    programs: ['createdump (.NET)'],
    text: 'The process or container does not have permissions or access: open(/proc/.../mem) FAILED',
    also: ['Problem suspending thread: ptrace(ATTACH, ...) FAILED'],
    means: 'The dump tool may not open the memory of the process, or not attach to its threads.',
    causes: ['owner', 'scope', 'dumpable', 'seccomp', 'modules'],
    command: 'ptrace-probe check PID --method proc-mem',
    page: 'docs/docker.md',
  },
  // Run: perf 6.1.
  {
    id: 'perf',
    programs: ['perf'],
    text: 'Access to performance monitoring and observability operations is limited',
    means: 'perf may not open its counters: Yama never asks about them.',
    causes: ['paranoid', 'owner', 'seccomp', 'modules'],
    command: 'ptrace-probe check PID --method read',
    page: 'docs/guide/tools.md',
  },
  // Run: bpftrace 0.17.
  {
    id: 'bpftrace',
    programs: ['bpftrace'],
    text: 'bpftrace currently only supports running as the root user',
    means: 'bpftrace looked at its uid, and at nothing else.',
    causes: ['bpf'],
    command: null,
    page: 'docs/guide/tools.md',
  },
  // Not run to its end: criu 3.17 did not start here. The source was read.
  {
    id: 'criu',
    programs: ['criu'],
    text: 'Unable to interrupt task: ... (Operation not permitted)',
    means: refused,
    causes: attaching,
    command: 'ptrace-probe check PID --method seize',
    page: general,
  },
  // Run: Linux 6.12.
  {
    id: 'yama-log',
    programs: ['the kernel’s log'],
    text: 'ptrace attach of ... was attempted by ...',
    also: ['ptrace traceme of ... was attempted by ...'],
    means: 'Yama refused an attempt, and names the target first and the tracer second.',
    causes: ['scope', 'race'],
    command: 'ptrace-probe check PID',
    page: general,
  },
  // Run: AppArmor on Linux 6.12. That of SELinux is from reports of users.
  {
    id: 'audit-log',
    programs: ['the audit log'],
    text: 'operation="ptrace"',
    also: ['avc: denied { ptrace }', 'apparmor="DENIED" operation="ptrace"'],
    means: 'AppArmor or SELinux refused an attempt; the line names both sides.',
    causes: ['modules'],
    command: 'ptrace-probe check PID',
    page: general,
  },
  // Run: sysctl of procps 4.0 and systemd-sysctl 252, at scope 3.
  {
    id: 'sysctl-invalid',
    programs: ['sysctl'],
    text: 'setting key "kernel.yama.ptrace_scope": Invalid argument',
    also: [
      "Couldn't write '...' to 'kernel/yama/ptrace_scope': Invalid argument",
      // Not run: `sysctl -e`.
      'setting key "kernel.yama.ptrace_scope", ignoring: Invalid argument',
    ],
    means: 'The kernel takes no other value.',
    causes: ['latched'],
    command: 'ptrace-probe settings',
    page: 'docs/guide/settings.md',
  },
  // Run: sysctl of procps 4.0, by root where /proc/sys is read-only, and by an ordinary user.
  {
    id: 'sysctl-denied',
    programs: ['sysctl'],
    text: 'permission denied on key "kernel.yama.ptrace_scope"',
    means: 'The value cannot be set here.',
    causes: ['notRoot', 'readOnly'],
    command: 'ptrace-probe',
    page: 'docs/docker.md',
  },
  // Run: dash. The other wording is that of procps before 4, and was not run.
  {
    id: 'sysctl-read-only',
    programs: ['sysctl', 'a shell'],
    text: '/proc/sys/kernel/yama/ptrace_scope: Read-only file system',
    also: ['setting key "kernel.yama.ptrace_scope": Read-only file system'],
    means: 'The value cannot be set here.',
    causes: ['readOnly'],
    command: 'ptrace-probe',
    page: 'docs/docker.md',
  },
  // Run: sysctl of procps 4.0 and cat.
  {
    id: 'sysctl-absent',
    programs: ['sysctl', 'cat'],
    text: '/proc/sys/kernel/yama/ptrace_scope: No such file or directory',
    means: 'There is no such setting here.',
    causes: ['noYama'],
    command: 'ptrace-probe',
    page: 'docs/guide/report.md',
  },
]
