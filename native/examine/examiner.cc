#include "examine/examiner.h"

#include <sys/mman.h>

#include "examine/examiner_process.h"
#include "process/sys.h"

namespace ptrace_probe {

Examiner::Examiner(uint32_t tracer_count, uint32_t count) {
  const size_t size = sizeof(ExamineRequest) + size_t{tracer_count} * count * sizeof(Examination);
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

Examination* Examiner::results(uint32_t run) const {
  return ResultsOf(request_, run);
}

bool Examiner::Fail(const char* call) {
  error_ = errno;
  failed_call_ = call;
  return false;
}

bool Examiner::Start() {
  if (request_ == nullptr) return false;
  Link link;
  if (!OpenLink(&link)) return Fail("pipe2");
  const Orders orders{request_, link, sys::GetPid()};
  pid_t number;
  child_ = ForkFromNode(&link, &number);
  if (child_ == 0) ForkedMain(orders, __builtin_frame_address(0));
  go_ = link.to_child[1];
  done_ = link.from_child[0];
  return child_ > 0 || Fail("clone");
}

void Examiner::Wait() {
  // The examiners have timers that end them in time, unless they are stopped before that.
  constexpr long kGraceMs = 1000;
  const long limit_ms = request_->deadline_ms + kGraceMs;
  ReapChild(limit_ms);
  TracerRun* last = &request_->runs[request_->tracer_count - 1];
  if (last->tracer != Tracer::kChild) AwaitStranger(last, limit_ms);
}

void Examiner::ReapChild(long limit_ms) {
  const int pidfd = sys::PidfdOpen(child_);
  if (pidfd >= 0 && !AwaitInput(pidfd, limit_ms) && sys::IsOwnChild(child_)) {
    sys::Kill(child_, SIGKILL);
  }
  sys::Close(pidfd);
  int status = 0;
  sys::Reap(child_, &status, 0);
}

void Examiner::AwaitStranger(TracerRun* asked, long limit_ms) {
  constexpr char kGo = 0;
  sys::Write(go_, &kGo, 1);
  if (AwaitInput(done_, limit_ms) || !sys::CanBeOurs(asked->pid)) return;
  // As long as the pipe has a writer the stranger lives, so that the number is still its own.
  const int pidfd = sys::PidfdOpen(asked->pid);
  if (pidfd >= 0 && !AwaitInput(done_, 1)) {
    ::syscall(SYS_pidfd_send_signal, static_cast<long>(pidfd), SIGKILL, nullptr, 0L);
  }
  sys::Close(pidfd);
}

}  // namespace ptrace_probe
