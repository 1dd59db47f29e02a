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
  ReapChild(limit_ms);
  const int64_t passed_ms = is_timed && sys::ReadClock(&now) ? (now - begin) / 1000 : 0;
  TracerRun* last = &request_->runs[request_->tracer_count - 1];
  if (last->tracer != Tracer::kChild) AwaitStranger(last, limit_ms - passed_ms);
}

void Examiner::ReapChild(int64_t limit_ms) {
  const int pidfd = sys::PidfdOpen(child_);
  const bool has_pidfd = pidfd >= 0;
  const bool in_time = has_pidfd ? AwaitInput(pidfd, limit_ms) : IsReapedIn(limit_ms);
  sys::Close(pidfd);
  if (in_time && !has_pidfd) return;
  if (!in_time && sys::IsOwnChild(child_)) {
    fault::At(fault::Point::kExaminerKills);
    sys::Kill(child_, SIGKILL);
  }
  int status = 0;
  sys::Reap(child_, &status, 0);
  fault::At(fault::Point::kExaminerReaped);
}

// Before Linux 5.3, and where a filter refuses pidfd_open(2), there is nothing to wait for that
// also ends in time: the child is asked for again and again.
bool Examiner::IsReapedIn(int64_t limit_ms) {
  for (int64_t passed_ms = 0; passed_ms < limit_ms; ++passed_ms) {
    int status = 0;
    if (sys::Reap(child_, &status, WNOHANG) != 0) return true;
    sys::Poll(nullptr, 0, 1);
  }
  return false;
}

void Examiner::AwaitStranger(TracerRun* asked, int64_t limit_ms) {
  constexpr char kGo = 0;
  sys::Write(go_, &kGo, 1);
  fault::At(fault::Point::kStrangerReleased);
  if (AwaitInput(done_, limit_ms) || !sys::CanBeOurs(asked->pid)) return;
  // As long as the pipe has a writer the stranger lives, so that the number is still its own.
  fault::At(fault::Point::kStrangerOverdue);
  const int pidfd = sys::PidfdOpen(asked->pid);
  if (pidfd >= 0 && !AwaitInput(done_, 1)) {
    ::syscall(SYS_pidfd_send_signal, static_cast<long>(pidfd), SIGKILL, nullptr, 0L);
  }
  sys::Close(pidfd);
}

}  // namespace ptrace_probe
