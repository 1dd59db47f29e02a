#include "probe/controls.h"

#include "probe/attempt.h"
#include "process/sys.h"

namespace ptrace_probe {
namespace {

// A filter gives one answer to every question, and that may be the one that the control expects. So
// a control that got the expected answer asks once more, for something that the kernel answers
// differently. If the second answer is not different, nothing is known about the call.
void Contrast(Outcome* outcome, bool answered_otherwise) {
  if (!answered_otherwise) End(outcome, Step::kRead, outcome->error);
}

// Above every possible PID (PID_MAX_LIMIT is 2^22): an unfiltered ptrace answers ESRCH.
constexpr pid_t kNoProcess = 0x7fffffff;

}  // namespace

// Yama alone knows PR_SET_PTRACER, and 0 is the one argument that it never refuses
// (security/yama/yama_lsm.c, yama_task_prctl()).
void ControlYama(Outcome* outcome) {
  Answer(outcome, sys::Prctl(PR_SET_PTRACER, 0));
  if (outcome->step != Step::kDone) return;
  Contrast(outcome, sys::Prctl(PR_SET_PTRACER, kNoProcess) < 0 && errno == EINVAL);
}

void ControlPtrace(const Family* family, long request, Outcome* outcome) {
  Answer(outcome, sys::Ptrace(request, kNoProcess, 0));
  if (outcome->error != ESRCH) return;
  Contrast(outcome, sys::Ptrace(request, family->self, 0) < 0 && errno == EPERM);
}

void ControlVmRead(const Family* family, Outcome* outcome) {
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

void ControlProcMem(const Family* family, Outcome* outcome) {
  if (!family->proc_is_ours) return End(outcome, Step::kProc, 0);
  const int fd = sys::Open("/proc/self/mem");
  Answer(outcome, fd);
  sys::Close(fd);
}

void ControlPidfdGetfd(const Family* family, Outcome* outcome) {
  const int pidfd = OpenPidfd(family->self, outcome);
  if (pidfd < 0) return;
  Answer(outcome, TakeFd(pidfd, -1));
  if (outcome->error == EBADF) Contrast(outcome, TakeFd(pidfd, pidfd) >= 0);
  sys::Close(pidfd);
}

// A process can be in 16 nested Landlock domains (LANDLOCK_MAX_NUM_LAYERS); how many more it may
// enter tells how many it is in. Only this process is restricted, and it is about to end.
void ControlLandlock(Outcome* outcome) {
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

}  // namespace ptrace_probe
