// One function a method. Each says in its Outcome which system call it is in, so that a process
// that a seccomp filter kills there has still answered.

#include "probe/family.h"
#include "process/proc_file.h"
#include "process/sys.h"

namespace ptrace_probe {
namespace {

void Begin(Outcome* outcome, Step step) {
  *outcome = {step, true, 0, 0};
}

void End(Outcome* outcome, Step step, int error) {
  *outcome = {step, false, error, 0};
}

// Ends `outcome` with what the system call whose result is `result` answered.
void Answer(Outcome* outcome, long result) {
  const int error = errno;
  if (result >= 0) {
    End(outcome, Step::kDone, 0);
  } else {
    End(outcome, Step::kTry, error);
  }
}

// Whether a process traces `pid` (proc_pid_status(5), TracerPid).
bool IsTraced(const Family* family, pid_t pid) {
  char text[4096];
  if (!family->proc_is_ours || ReadProcFile(pid, "/status", text, sizeof text) != 0) {
    return false;
  }
  const char* tracer = FieldOf(text, "TracerPid:");
  return tracer != nullptr && NumberAt(&tracer, 10) != 0;
}

// A process that is ending is refused like one that is protected: first its memory goes, without
// which its dumpable flag does not count, and at last it is a zombie (kernel/exit.c, do_exit();
// kernel/ptrace.c, ptrace_attach()). /proc shows the whole way. Where it shows nothing, the end of
// the pipe tells whose one writer is the target.
bool IsTargetAlive(const Family* family, pid_t target) {
  pollfd ready{family->ready[0], POLLIN, 0};
  return sys::Poll(&ready, 1, 0) == 0 && !(family->proc_is_ours && IsExiting(target));
}

// ptrace refuses a target that has a tracer with the EPERM that every other rule answers with, too.
void AnswerPtrace(const Family* family, pid_t target, Outcome* outcome, long result) {
  Answer(outcome, result);
  if (outcome->step == Step::kTry && outcome->error == EPERM && IsTraced(family, target)) {
    outcome->step = Step::kTraced;
  }
}

// Waits until `target`, which this process traces, has stopped for SIGSTOP, and lets it go.
void ReleaseStopped(pid_t target, Outcome* outcome) {
  Begin(outcome, Step::kWait);
  siginfo_t info{};
  for (;;) {
    if (!sys::Await(target, WEXITED | WSTOPPED | WNOWAIT, &info)) {
      return End(outcome, Step::kWait, errno);
    }
    if (info.si_code != CLD_TRAPPED && info.si_code != CLD_STOPPED) {
      return End(outcome, Step::kWait, ESRCH);
    }
    if (info.si_status == SIGSTOP) break;
    // Another signal came first: the target gets it, and the wait goes on.
    sys::Await(target, WSTOPPED, &info);
    sys::Ptrace(PTRACE_CONT, target, static_cast<unsigned long>(info.si_status));
  }
  Begin(outcome, Step::kRelease);
  const long result = sys::Ptrace(PTRACE_DETACH, target, 0);
  End(outcome, result == 0 ? Step::kDone : Step::kRelease, result == 0 ? 0 : errno);
}

void TryAttach(Family* family, pid_t target, Outcome* outcome) {
  AnswerPtrace(family, target, outcome, sys::Ptrace(PTRACE_ATTACH, target, 0));
  if (outcome->step == Step::kDone) ReleaseStopped(target, outcome);
}

// Nothing to release: the tracer's exit lets the target go, which never stopped.
void TrySeize(Family* family, pid_t target, Outcome* outcome) {
  AnswerPtrace(family, target, outcome, sys::Ptrace(PTRACE_SEIZE, target, 0));
}

// The tracer's half: the target asks (TargetTraceme) and stops, or records the refusal and exits.
void TryTraceme(Family*, pid_t target, Outcome* outcome) {
  siginfo_t info{};
  if (!sys::Await(target, WEXITED | WSTOPPED | WNOWAIT, &info)) {
    return End(outcome, Step::kWait, errno);
  }
  switch (info.si_code) {
    case CLD_KILLED:
    case CLD_DUMPED:
      outcome->pending = false;
      outcome->signal = info.si_status;
      return;
    case CLD_EXITED:
      return;
    default:
      return ReleaseStopped(target, outcome);
  }
}

// The target holds its own PID here; memory that fork copied cannot answer with it.
pid_t own_pid;

void TryVmRead(Family*, pid_t target, Outcome* outcome) {
  pid_t found = 0;
  const iovec local{&found, sizeof found};
  const iovec remote{&own_pid, sizeof own_pid};
  Answer(outcome,
         ::syscall(SYS_process_vm_readv, static_cast<long>(target), &local, 1L, &remote, 1L, 0L));
  if (outcome->step == Step::kDone && found != target) End(outcome, Step::kRead, 0);
}

void TryProcMem(Family* family, pid_t target, Outcome* outcome) {
  if (!family->proc_is_ours) return End(outcome, Step::kProc, 0);
  const int fd = sys::Open(ProcPath(target, "/mem").c_str());
  Answer(outcome, fd);
  if (fd < 0) return;
  pid_t found = 0;
  const long n =
      ::syscall(SYS_pread64, fd, &found, sizeof found, reinterpret_cast<uintptr_t>(&own_pid));
  if (n != sizeof found || found != target) End(outcome, Step::kRead, n < 0 ? errno : 0);
  sys::Close(fd);
}

// Returns a pidfd, or -1 when that ended the attempt.
int OpenPidfd(pid_t target, Outcome* outcome) {
  Begin(outcome, Step::kOpen);
  const int pidfd = static_cast<int>(::syscall(SYS_pidfd_open, static_cast<long>(target), 0L));
  if (pidfd < 0) {
    End(outcome, Step::kOpen, errno);
  } else {
    Begin(outcome, Step::kTry);
  }
  return pidfd;
}

// Takes a copy of a descriptor of another process and closes it again; the result of the call.
long TakeFd(int pidfd, int target_fd) {
  const long fd =
      ::syscall(SYS_pidfd_getfd, static_cast<long>(pidfd), static_cast<long>(target_fd), 0L);
  const int error = errno;
  sys::Close(static_cast<int>(fd));
  errno = error;
  return fd;
}

void TryPidfdGetfd(Family* family, pid_t target, Outcome* outcome) {
  const int pidfd = OpenPidfd(target, outcome);
  if (pidfd < 0) return;
  Answer(outcome, TakeFd(pidfd, family->hold[0]));
  sys::Close(pidfd);
}

// PTRACE_MODE_READ, which Yama does not look at: tells a refusal by Yama from one by the rules
// before it (kernel/futex, get_robust_list()).
void TryRead(Family*, pid_t target, Outcome* outcome) {
  void* head = nullptr;
  size_t size = 0;
  Answer(outcome, ::syscall(SYS_get_robust_list, static_cast<long>(target), &head, &size));
  // A filter may answer with success, but fills nothing in.
  if (outcome->step == Step::kDone && size == 0) End(outcome, Step::kRead, 0);
}

// A filter gives one answer to every question, and that may be the one that the control expects. So
// a control that got the expected answer asks once more, for something that the kernel answers
// differently. If the second answer is not different, nothing is known about the call.
void Contrast(Outcome* outcome, bool answered_otherwise) {
  if (!answered_otherwise) End(outcome, Step::kRead, outcome->error);
}

// Above every possible PID (PID_MAX_LIMIT is 2^22): an unfiltered ptrace answers ESRCH.
constexpr pid_t kNoProcess = 0x7fffffff;

// Yama alone knows PR_SET_PTRACER, and 0 is the one argument that it never refuses
// (security/yama/yama_lsm.c, yama_task_prctl()).
void ControlYama(Family*, pid_t, Outcome* outcome) {
  Answer(outcome, sys::Prctl(PR_SET_PTRACER, 0));
  if (outcome->step != Step::kDone) return;
  Contrast(outcome, sys::Prctl(PR_SET_PTRACER, kNoProcess) < 0 && errno == EINVAL);
}

// No process may trace itself: EPERM.
void ControlPtrace(const Family* family, long request, Outcome* outcome) {
  Answer(outcome, sys::Ptrace(request, kNoProcess, 0));
  if (outcome->error != ESRCH) return;
  Contrast(outcome, sys::Ptrace(request, family->self, 0) < 0 && errno == EPERM);
}

void ControlAttach(Family* family, pid_t, Outcome* outcome) {
  ControlPtrace(family, PTRACE_ATTACH, outcome);
}

void ControlSeize(Family* family, pid_t, Outcome* outcome) {
  ControlPtrace(family, PTRACE_SEIZE, outcome);
}

// Access to oneself is never refused (ptrace(2), "Ptrace access mode checking"), so what is left is
// the error of an address that no process may read, or of a descriptor that none has.
void ControlVmRead(Family* family, pid_t, Outcome* outcome) {
  char byte;
  const char readable = 0;
  const long self = family->self;
  const iovec local{&byte, 1};
  const iovec none{reinterpret_cast<void*>(~uintptr_t{0xfff}), 1};
  const iovec some{const_cast<char*>(&readable), 1};
  Answer(outcome, ::syscall(SYS_process_vm_readv, self, &local, 1L, &none, 1L, 0L));
  if (outcome->error != EFAULT) return;
  Contrast(outcome, ::syscall(SYS_process_vm_readv, self, &local, 1L, &some, 1L, 0L) == 1);
}

void ControlProcMem(Family* family, pid_t, Outcome* outcome) {
  if (!family->proc_is_ours) return End(outcome, Step::kProc, 0);
  const int fd = sys::Open("/proc/self/mem");
  Answer(outcome, fd);
  sys::Close(fd);
}

void ControlPidfdGetfd(Family* family, pid_t, Outcome* outcome) {
  const int pidfd = OpenPidfd(family->self, outcome);
  if (pidfd < 0) return;
  Answer(outcome, TakeFd(pidfd, -1));
  if (outcome->error == EBADF) Contrast(outcome, TakeFd(pidfd, pidfd) >= 0);
  sys::Close(pidfd);
}

void ControlRead(Family* family, pid_t, Outcome* outcome) {
  TryRead(family, family->self, outcome);
}

// A process can be in 16 nested Landlock domains (LANDLOCK_MAX_NUM_LAYERS); how many more it may
// enter tells how many it is in. Only this process is restricted, and it is about to end.
void ControlLandlock(Family*, pid_t, Outcome* outcome) {
  constexpr int kMaxLayers = 16;
  const struct {
    uint64_t handled_access_fs;
  } rules{1 /* LANDLOCK_ACCESS_FS_EXECUTE */};
  const long fd = ::syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0L);
  if (fd < 0) return End(outcome, Step::kOpen, errno);
  if (::syscall(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) != 0) {
    return End(outcome, Step::kOpen, errno);
  }
  int entered = 0;
  while (entered < kMaxLayers && ::syscall(SYS_landlock_restrict_self, fd, 0L) == 0) ++entered;
  if (entered < kMaxLayers && errno != E2BIG) return End(outcome, Step::kTry, errno);
  End(outcome, Step::kDone, kMaxLayers - entered);
}

using TryFunction = void (*)(Family*, pid_t target, Outcome*);

// In the order of enum Method.
constexpr TryFunction kMethods[] = {
    &TryAttach,
    &TrySeize,
    &TryTraceme,
    &TryVmRead,
    &TryProcMem,
    &TryPidfdGetfd,
    &TryRead,
    &ControlYama,
    &ControlAttach,
    &ControlSeize,
    &ControlVmRead,
    &ControlProcMem,
    &ControlPidfdGetfd,
    &ControlRead,
    &ControlLandlock,
};

}  // namespace

void BecomeReadable(const Family* family) {
  own_pid = family->self;
}

void Try(Family* family, Method method, pid_t target, Outcome* outcome) {
  // The target writes the outcome of its own PTRACE_TRACEME.
  if (method != Method::kTraceme) Begin(outcome, Step::kTry);
  kMethods[static_cast<size_t>(method)](family, target, outcome);
  // A target that was refused its own PTRACE_TRACEME lived when it was, and exits after that.
  const bool is_refusal =
      target != 0 && method != Method::kTraceme && outcome->step == Step::kTry && !outcome->pending;
  if (is_refusal && !IsTargetAlive(family, target)) End(outcome, Step::kEnded, outcome->error);
}

void TargetTraceme(Family* family, Outcome* outcome) {
  Begin(outcome, Step::kTry);
  AnswerPtrace(family, family->self, outcome, sys::TraceMe());
  if (outcome->step != Step::kDone) sys::Exit(0);
  Begin(outcome, Step::kWait);
  sys::Kill(family->self, SIGSTOP);
}

}  // namespace ptrace_probe
