// One function a method.

#include "probe/attempt.h"
#include "probe/controls.h"
#include "process/fault.h"
#include "process/proc_file.h"
#include "process/sys.h"

namespace ptrace_probe {
namespace {

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
  fault::At(fault::Point::kTargetAttached);
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
  fault::At(fault::Point::kTargetStopped);
  Begin(outcome, Step::kRelease);
  const long result = sys::Ptrace(PTRACE_DETACH, target, 0);
  End(outcome, result == 0 ? Step::kDone : Step::kRelease, result == 0 ? 0 : errno);
  fault::At(fault::Point::kTargetReleased);
}

void TryAttach(const Family* family, pid_t target, Outcome* outcome) {
  AnswerPtrace(family, target, outcome, sys::Ptrace(PTRACE_ATTACH, target, 0));
  if (outcome->step == Step::kDone) ReleaseStopped(target, outcome);
}

// Nothing to release: the tracer's exit lets the target go, which never stopped.
void TrySeize(const Family* family, pid_t target, Outcome* outcome) {
  AnswerPtrace(family, target, outcome, sys::Ptrace(PTRACE_SEIZE, target, 0));
}

// The tracer's half: the target asks (TargetTraceme) and stops, or records the refusal and exits.
void TryTraceme(pid_t target, Outcome* outcome) {
  siginfo_t info{};
  if (!sys::Await(target, WEXITED | WSTOPPED | WNOWAIT, &info)) {
    return End(outcome, Step::kWait, errno);
  }
  switch (info.si_code) {
    case CLD_KILLED:
    case CLD_DUMPED:
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

void TryVmRead(pid_t target, Outcome* outcome) {
  pid_t found = 0;
  const iovec local{&found, sizeof found};
  const iovec remote{&own_pid, sizeof own_pid};
  Answer(outcome,
         ::syscall(SYS_process_vm_readv, static_cast<long>(target), &local, 1L, &remote, 1L, 0L));
  if (outcome->step == Step::kDone && found != target) End(outcome, Step::kRead, 0);
}

void TryProcMem(const Family* family, pid_t target, Outcome* outcome) {
  if (!family->proc_is_ours) return End(outcome, Step::kProc, 0);
  const int fd = sys::Open(ProcPath(target, "/mem").c_str());
  Answer(outcome, fd);
  if (fd < 0) return;
  fault::At(fault::Point::kTargetOpened);
  pid_t found = 0;
  const long n =
      ::syscall(SYS_pread64, fd, &found, sizeof found, reinterpret_cast<uintptr_t>(&own_pid));
  if (n != sizeof found || found != target) End(outcome, Step::kRead, n < 0 ? errno : 0);
  sys::Close(fd);
}

void TryPidfdGetfd(const Family* family, pid_t target, Outcome* outcome) {
  const int pidfd = OpenPidfd(target, outcome);
  if (pidfd < 0) return;
  Answer(outcome, TakeFd(pidfd, family->hold[0]));
  sys::Close(pidfd);
}

// PTRACE_MODE_READ, which Yama does not look at: tells a refusal by Yama from one by the rules
// before it (kernel/futex, get_robust_list()).
void TryRead(pid_t target, Outcome* outcome) {
  void* head = nullptr;
  size_t size = 0;
  Answer(outcome, ::syscall(SYS_get_robust_list, static_cast<long>(target), &head, &size));
  // A filter may answer with success, but fills nothing in.
  if (outcome->step == Step::kDone && size == 0) End(outcome, Step::kRead, 0);
}

void Call(const Family* family, Method method, pid_t target, Outcome* outcome) {
  switch (method) {
    case Method::kAttach:
      return TryAttach(family, target, outcome);
    case Method::kSeize:
      return TrySeize(family, target, outcome);
    case Method::kTraceme:
      return TryTraceme(target, outcome);
    case Method::kVmRead:
      return TryVmRead(target, outcome);
    case Method::kProcMem:
      return TryProcMem(family, target, outcome);
    case Method::kPidfdGetfd:
      return TryPidfdGetfd(family, target, outcome);
    case Method::kRead:
    case Method::kReadProtected:
      return TryRead(target, outcome);
    case Method::kControlYama:
      return ControlYama(outcome);
    case Method::kControlAttach:
      return ControlPtrace(family, PTRACE_ATTACH, outcome);
    case Method::kControlSeize:
      return ControlPtrace(family, PTRACE_SEIZE, outcome);
    case Method::kControlVmRead:
      return ControlVmRead(family, outcome);
    case Method::kControlProcMem:
      return ControlProcMem(family, outcome);
    case Method::kControlPidfdGetfd:
      return ControlPidfdGetfd(family, outcome);
    case Method::kControlRead:
      return TryRead(family->self, outcome);
    case Method::kControlLandlock:
      return ControlLandlock(outcome);
  }
}

}  // namespace

void BecomeReadable(const Family* family) {
  own_pid = family->self;
}

bool UsesPtrace(Method method) {
  switch (method) {
    case Method::kAttach:
    case Method::kSeize:
    case Method::kTraceme:
      return true;
    default:
      return false;
  }
}

void Try(Family* family, Method method, pid_t target, Outcome* outcome) {
  if (UsesPtrace(method) && family->foreign_ptrace != 0) {
    *outcome = {Step::kControl, false, family->foreign_ptrace, 0};
    return;
  }
  // The target writes the outcome of its own PTRACE_TRACEME.
  if (method != Method::kTraceme) Begin(outcome, Step::kTry);
  Call(family, method, target, outcome);
  // A target that was refused its own PTRACE_TRACEME lived when it was, and exits after that.
  const bool is_refusal = target != 0 && method != Method::kTraceme && outcome->step == Step::kTry;
  if (is_refusal && !IsTargetAlive(family, target)) End(outcome, Step::kEnded, outcome->error);
  outcome->pending = false;
}

void TargetTraceme(Family* family, Outcome* outcome) {
  if (family->foreign_ptrace != 0) return;
  Begin(outcome, Step::kTry);
  AnswerPtrace(family, family->self, outcome, sys::TraceMe());
  if (outcome->step != Step::kDone) sys::Exit(0);
  Begin(outcome, Step::kWait);
  fault::At(fault::Point::kTracemeAsked);
  sys::Kill(family->self, SIGSTOP);
}

}  // namespace ptrace_probe
