/** What may stand behind an error text, as one clause each: several texts share them. */
export const causes = {
  scope:
    'Yama’s scope: at 1 the target has to be a descendant of the tracer or to name it; 2 asks for CAP_SYS_PTRACE, and 3 refuses all',
  owner: 'the target runs as another user or group, or holds capabilities that the tracer lacks',
  dumpable: 'the target is not dumpable: it changed its ids, or its file has capabilities',
  traced: 'the target has a tracer already: it can have only one',
  seccomp:
    'a seccomp filter answers in the kernel’s place: that of a container, of a service or of a sandbox',
  modules: 'SELinux, AppArmor, Smack or Landlock refuses',
  namespace: 'the target lives in another user namespace, as that of a container',
  gone: 'the target has ended, and its parent has not waited for it',
  paranoid: 'kernel.perf_event_paranoid asks for CAP_PERFMON',
  bpf: 'eBPF asks for root, or for CAP_BPF and CAP_PERFMON; neither ptrace nor Yama is asked',
  sameUser:
    'the user or the group differs from that of the Java process, which is no matter of ptrace',
  race: 'the target named its tracer too late: a crash handler has to wait until PR_SET_PTRACER was called',
  latched: 'the scope is 3 already, and the kernel takes no lower value until the next boot',
  readOnly: 'this is a container: the value is the host’s and can be set only there',
  notRoot: 'only root may set the value',
  noYama: 'the kernel runs without Yama, so there is nothing to set',
} as const
