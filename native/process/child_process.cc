#include "process/child_process.h"

#include "process/sys.h"

namespace ptrace_probe {
namespace {

constexpr int kFirstOther = 2;

bool KeepOnly(int read_end, int write_end) {
  // Above what will be kept, so that neither dup3 overwrites the other's source.
  const long high_read = ::syscall(SYS_fcntl, read_end, F_DUPFD_CLOEXEC, kFirstOther);
  const long high_write = ::syscall(SYS_fcntl, write_end, F_DUPFD_CLOEXEC, kFirstOther);
  if (::syscall(SYS_dup3, high_read, kReadEnd, O_CLOEXEC) < 0 ||
      ::syscall(SYS_dup3, high_write, kWriteEnd, O_CLOEXEC) < 0) {
    return false;
  }
  if (::syscall(SYS_close_range, kFirstOther, ~0U, 0) == 0) return true;
  // Before Linux 5.9, or filtered.
  rlimit limit{};
  ::syscall(SYS_prlimit64, 0L, RLIMIT_NOFILE, nullptr, &limit);
  constexpr rlim_t kSane = 1 << 20;
  const int end = static_cast<int>(limit.rlim_cur < kSane ? limit.rlim_cur : kSane);
  for (int fd = kFirstOther; fd < end; ++fd) sys::Close(fd);
  return true;
}

// Node's handlers must not run here, and what Node ignores or blocks must not be inherited by
// processes that wait for signals.
void ResetSignals() {
  constexpr int kSignals = 64;
  constexpr size_t kMaskSize = 8;
  // The kernel's struct sigaction: all zero is SIG_DFL on every architecture.
  const uint64_t standard[4] = {};
  for (int signal = 1; signal <= kSignals; ++signal) {
    ::syscall(SYS_rt_sigaction, signal, standard, nullptr, kMaskSize);
  }
  const uint64_t none = 0;
  ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, nullptr, kMaskSize);
}

// Until its memory is given back a core would hold what Node has in memory.
void LeaveNoCore() {
  const rlimit none{0, 0};
  ::syscall(SYS_prlimit64, 0L, RLIMIT_CORE, &none, nullptr);
}

void CloseEnd(int* fd) {
  sys::Close(*fd);
  *fd = -1;
}

}  // namespace

bool OpenLink(Link* link) {
  if (!sys::Pipe(link->to_child)) return false;
  if (sys::Pipe(link->from_child)) return true;
  const int error = errno;
  CloseEnd(&link->to_child[0]);
  CloseEnd(&link->to_child[1]);
  errno = error;
  return false;
}

pid_t ForkFromNode(Link* link, pid_t* number) {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, &before);
  const pid_t pid = sys::Fork(number);
  if (pid == 0) {
    LeaveNoCore();
    CloseEnd(&link->to_child[1]);
    CloseEnd(&link->from_child[0]);
    return 0;
  }
  const int error = errno;
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  CloseEnd(&link->to_child[0]);
  CloseEnd(&link->from_child[1]);
  errno = error;
  return pid;
}

bool BecomeChild(int read_end, int write_end) {
  const bool ok = KeepOnly(read_end, write_end);
  const int error = errno;
  ResetSignals();
  errno = error;
  return ok;
}

bool AwaitInput(int fd, int64_t timeout_ms) {
  pollfd poll{fd, POLLIN, 0};
  return sys::Poll(&poll, 1, timeout_ms) > 0;
}

}  // namespace ptrace_probe
