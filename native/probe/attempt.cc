#include "probe/attempt.h"

#include "process/fault.h"
#include "process/sys.h"

namespace ptrace_probe {

void Begin(Outcome* outcome, Step step) {
  *outcome = {step, true, 0, 0};
}

void End(Outcome* outcome, Step step, int error) {
  *outcome = {step, true, error, 0};
}

void Answer(Outcome* outcome, long result) {
  const int error = errno;
  fault::At(fault::Point::kMethodTried);
  if (result >= 0) {
    End(outcome, Step::kDone, 0);
  } else {
    End(outcome, Step::kTry, error);
  }
}

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

long TakeFd(int pidfd, int target_fd) {
  const long fd =
      ::syscall(SYS_pidfd_getfd, static_cast<long>(pidfd), static_cast<long>(target_fd), 0L);
  const int error = errno;
  sys::Close(static_cast<int>(fd));
  errno = error;
  return fd;
}

}  // namespace ptrace_probe
