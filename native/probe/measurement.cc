#include "probe/measurement.h"

#include <sys/mman.h>

#include "probe/supervisor.h"
#include "process/child_process.h"
#include "process/fault.h"
#include "process/sys.h"

namespace ptrace_probe {
namespace {

// The supervisor keeps its deadline itself. This much later it is taken to be stuck. To end it
// takes time, too, and all of it together at most a second.
constexpr int64_t kGraceMs = 500;

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
  if (arena_ == nullptr) return false;
  fault::At(fault::Point::kMeasurementStarts);
  Link link;
  if (!OpenLink(&link)) return Fail("pipe2");
  sys::ReadClock(&started_us_);
  pid_t number;
  supervisor_ = ForkFromNode(&link, &number);
  if (supervisor_ == 0) {
    Supervise(arena_, number, link, __builtin_frame_address(0));
  }
  fault::Child(supervisor_);
  fault::At(fault::Point::kMeasurementForked);
  lifeline_ = link.to_child[1];
  done_ = link.from_child[0];
  return supervisor_ > 0 || Fail("clone");
}

void Measurement::Wait() {
  Reap();
  int64_t now;
  if (sys::ReadClock(&now) && started_us_ != 0) elapsed_us_ = now - started_us_;
}

void Measurement::Reap() {
  const bool in_time = AwaitInput(done_, arena_->deadline_ms + kGraceMs);
  fault::At(fault::Point::kMeasurementEnded);
  if (!in_time || !arena_->finished) {
    // Stuck, killed or cancelled. The process group holds the supervisor and all its families, and
    // its number cannot be given to another process before the supervisor has been waited for.
    fault::At(fault::Point::kMeasurementKills);
    if (sys::IsOwnChild(supervisor_)) {
      sys::Kill(supervisor_, SIGKILL);
      sys::KillGroup(supervisor_, SIGKILL);
    }
  }
  // Where this process is PID 1 or a subreaper, the members of a supervisor that died have become
  // its own children. They are reaped before or with the supervisor, by their group.
  bool reaped = false;
  while (!arena_->finished) {
    int status = 0;
    const pid_t pid = sys::Reap(-supervisor_, &status, 0);
    if (pid < 0) break;
    if (pid != supervisor_) continue;
    status_ = status;
    reaped = true;
  }
  if (!reaped) sys::Reap(supervisor_, &status_, 0);
  fault::At(fault::Point::kMeasurementReaped);
}

void Measurement::Cancel() {
  sys::Close(lifeline_);
  lifeline_ = -1;
}

}  // namespace ptrace_probe
