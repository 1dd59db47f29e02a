#include "examine/examiner.h"

#include <sys/mman.h>

#include "examine/examiner_process.h"
#include "process/fault.h"
#include "process/sys.h"

namespace ptrace_probe {

Examiner::Examiner(uint32_t tracer_count, uint32_t count) {
  const size_t size =
      sizeof(ExamineRequest) + size_t{tracer_count} * count * sizeof(ProcessExamination);
  void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    Fail("mmap");
    return;
  }
  request_ = static_cast<ExamineRequest*>(memory);
  request_->tracer_count = tracer_count;
  request_->count = count;
  request_->size = size;
}

Examiner::~Examiner() {
  sys::Close(go_);
  sys::Close(done_);
  if (request_ != nullptr) ::munmap(request_, request_->size);
}

// It has its own deadline, and nothing to clean up.
void Examiner::Cancel() {}

ProcessExamination* Examiner::results(uint32_t run) const {
  return ResultsOf(request_, run);
}

bool Examiner::Fail(const char* call) {
  error_ = errno;
  failed_call_ = call;
  return false;
}

bool Examiner::Start() {
  if (request_ == nullptr) return false;
  fault::At(fault::Point::kExaminerStarts);
  Link link;
  if (!OpenLink(&link)) return Fail("pipe2");
  const Orders orders{request_, link, sys::GetPid()};
  pid_t number;
  child_ = ForkFromNode(&link, &number);
  if (child_ == 0) ForkedMain(orders, __builtin_frame_address(0));
  fault::Child(child_);
  fault::At(fault::Point::kExaminerForked);
  go_ = link.to_child[1];
  done_ = link.from_child[0];
  return child_ > 0 || Fail("clone");
}

void Examiner::Wait() {
  // The examiners have timers that end them in time, unless they are stopped before that.
  constexpr int64_t kGraceMs = 500;
  const int64_t limit_ms = request_->deadline_ms + kGraceMs;
  int64_t begin;
  int64_t now;
  const bool is_timed = sys::ReadClock(&begin);
  EndChild(limit_ms);
  const int64_t passed_ms = is_timed && sys::ReadClock(&now) ? (now - begin) / 1000 : 0;
  // The kernel has written the number. As another user the stranger may be in foreign hands, but it
  // becomes one only when it is told to go on.
  const TracerRun& last = request_->runs[request_->tracer_count - 1];
  const pid_t stranger = last.tracer == Tracer::kChild ? 0 : last.pid;
  const bool is_over = stranger == 0 || EndStranger(stranger, limit_ms - passed_ms);
  int status = 0;
  if (!is_reaped_) sys::Reap(child_, &status, 0);
  // A stranger is a child of this process, too, where this one adopts its orphans: as PID 1, or as
  // a subreaper.
  if (is_over && sys::IsOwnChild(stranger)) sys::Reap(stranger, &status, 0);
  fault::At(fault::Point::kExaminerReaped);
}

// It is not reaped yet if that can be helped: it leads the group of the stranger, and as long as it
// is there no other group can have its number.
void Examiner::EndChild(int64_t limit_ms) {
  if (AwaitChild(limit_ms)) return;
  if (sys::IsOwnChild(child_)) {
    fault::At(fault::Point::kExaminerKills);
    sys::Kill(child_, SIGKILL);
  }
  siginfo_t info{};
  if (sys::Await(child_, WEXITED | WNOWAIT, &info)) return;
  int status = 0;
  sys::Reap(child_, &status, 0);
  is_reaped_ = true;
}

// False: it has not ended in time.
bool Examiner::AwaitChild(int64_t limit_ms) {
  const int pidfd = sys::PidfdOpen(child_);
  if (pidfd >= 0) {
    const bool in_time = AwaitInput(pidfd, limit_ms);
    sys::Close(pidfd);
    return in_time;
  }
  // Before Linux 5.3, and where a filter refuses pidfd_open(2), there is nothing to wait for that
  // also ends in time: the child is asked for again and again.
  for (int64_t passed_ms = 0; passed_ms < limit_ms; ++passed_ms) {
    if (HasChildEnded()) return true;
    sys::Poll(nullptr, 0, 1);
  }
  return false;
}

// Where a filter refuses waitid(2), it has to be reaped to know.
bool Examiner::HasChildEnded() {
  siginfo_t info{};
  if (sys::Await(child_, WEXITED | WNOHANG | WNOWAIT, &info)) return info.si_pid != 0;
  int status = 0;
  is_reaped_ = sys::Reap(child_, &status, WNOHANG) != 0;
  return is_reaped_;
}

// As long as the pipe has a writer the stranger lives. False: it lives on.
bool Examiner::EndStranger(pid_t stranger, int64_t limit_ms) {
  constexpr int64_t kDeathMs = 10;
  constexpr char kGo = 0;
  sys::Write(go_, &kGo, 1);
  fault::At(fault::Point::kStrangerReleased);
  if (AwaitInput(done_, limit_ms)) return true;
  fault::At(fault::Point::kStrangerOverdue);
  if (!is_reaped_) sys::KillGroup(child_, SIGKILL);
  if (AwaitInput(done_, kDeathMs)) return true;
  // A filter refuses setpgid(2), or the child was reaped.
  const int pidfd = sys::CanBeOurs(stranger) ? sys::PidfdOpen(stranger) : -1;
  if (pidfd >= 0 && !AwaitInput(done_, 0)) {
    ::syscall(SYS_pidfd_send_signal, static_cast<long>(pidfd), SIGKILL, nullptr, 0L);
  }
  sys::Close(pidfd);
  return AwaitInput(done_, kDeathMs);
}

}  // namespace ptrace_probe
