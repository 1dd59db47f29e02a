#include "engine.h"

#include <sys/mman.h>

#include "supervisor.h"
#include "sys.h"

namespace ptrace_probe {
namespace {

// The supervisor keeps its deadline itself. This much later it is taken to be stuck.
constexpr int64_t kGraceMs = 1000;

}  // namespace

Measurement::Measurement() {
  void* memory =
      ::mmap(nullptr, sizeof(Arena), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    Fail("mmap");
    return;
  }
  arena_ = static_cast<Arena*>(memory);
}

Measurement::~Measurement() {
  Cancel();
  sys::Close(done_);
  if (arena_ != nullptr) ::munmap(arena_, sizeof(Arena));
}

bool Measurement::Fail(const char* call) {
  error_ = errno;
  failed_call_ = call;
  return false;
}

bool Measurement::Start() {
  int lifeline[2];
  int done[2];
  if (!sys::Pipe(lifeline)) return Fail("pipe2");
  if (!sys::Pipe(done)) {
    Fail("pipe2");
    sys::Close(lifeline[0]);
    sys::Close(lifeline[1]);
    return false;
  }
  // No handler of Node's may run in the child, not even once.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, &before);
  elapsed_us_ = -sys::NowUs();
  supervisor_ = sys::Fork();
  if (supervisor_ == 0) {
    sys::Close(lifeline[1]);
    sys::Close(done[0]);
    Supervise(arena_, lifeline[0], done[1]);
  }
  if (supervisor_ < 0) Fail("clone");
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  sys::Close(lifeline[0]);
  sys::Close(done[1]);
  lifeline_ = lifeline[1];
  done_ = done[0];
  return supervisor_ > 0;
}

bool Measurement::AwaitEnd(int64_t timeout_ms) const {
  const int64_t end = sys::NowMs() + timeout_ms;
  for (;;) {
    const int64_t left = end - sys::NowMs();
    if (left <= 0) return false;
    pollfd fd{done_, POLLIN, 0};
    const timespec timeout{left / 1000, left % 1000 * 1000000};
    const long n = ::syscall(SYS_ppoll, &fd, 1L, &timeout, nullptr, size_t{8});
    if (n > 0) return true;
    if (n < 0 && errno != EINTR) return false;
  }
}

void Measurement::Wait() {
  Reap();
  elapsed_us_ += sys::NowUs();
}

void Measurement::Reap() {
  if (!AwaitEnd(arena_->deadline_ms + kGraceMs) || !arena_->finished) {
    // Stuck, killed or cancelled. The process group holds the supervisor and all its families, and
    // its number is not free for anybody else before the supervisor has been waited for.
    siginfo_t info{};
    if (sys::Await(supervisor_, WEXITED | WNOHANG | WNOWAIT, &info)) {
      sys::Kill(supervisor_, SIGKILL);
      sys::Kill(-supervisor_, SIGKILL);
    }
  }
  // Where this process is PID 1 or a subreaper, the members of a supervisor that died have become
  // its own children. They are reaped before or with the supervisor, by their group.
  bool reaped = false;
  while (!arena_->finished) {
    int status = 0;
    const long pid =
        ::syscall(SYS_wait4, static_cast<long>(-supervisor_), &status, __WALL, nullptr);
    if (pid < 0 && errno == EINTR) continue;
    if (pid < 0) break;
    if (pid != supervisor_) continue;
    status_ = status;
    reaped = true;
  }
  if (reaped) return;
  long r;
  do r = ::syscall(SYS_wait4, static_cast<long>(supervisor_), &status_, __WALL, nullptr);
  while (r < 0 && errno == EINTR);
}

void Measurement::Cancel() {
  sys::Close(lifeline_);
  lifeline_ = -1;
}

}  // namespace ptrace_probe
