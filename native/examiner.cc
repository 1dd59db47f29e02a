#include "examiner.h"

#include <sys/mman.h>
#include <sys/time.h>

#include "forked.h"
#include "identity.h"
#include "shed.h"
#include "sys.h"

namespace ptrace_probe {
namespace {

Examination* ResultsOf(ExamineRequest* request) {
  return reinterpret_cast<Examination*>(request + 1);
}

// The kernel ends the examiner when its time is up, wherever it is: nobody else may be able to.
void SetDeadline(int32_t milliseconds) {
  const itimerval timer{{0, 0}, {milliseconds / 1000, milliseconds % 1000 * 1000}};
  ::syscall(SYS_setitimer, ITIMER_REAL, &timer, nullptr);
}

[[noreturn]] void Work(ExamineRequest* request) {
  Examination* results = ResultsOf(request);
  for (uint32_t i = 0; i < request->count; ++i) {
    Examine(results[i].pid, request->oracles, &results[i]);
    request->done = i + 1;
  }
  sys::Exit(0);
}

// A process whose parent dies is adopted, and with that no longer a relation of whom it descended
// from: Yama follows the parents of today (security/yama/yama_lsm.c, task_is_descendant()).
[[noreturn]] void BecomeStranger(ExamineRequest* request, pid_t node) {
  const pid_t pid = sys::Fork();
  if (pid < 0) request->error = errno;
  if (pid != 0) sys::Exit(0);
  SetDeadline(request->deadline_ms);
  // Node says so when it has seen the parent's death.
  char byte;
  if (sys::Read(kReadEnd, &byte, 1) != 1) sys::Exit(1);
  request->is_related = sys::GetParentPid() == node;
  if (request->tracer == Tracer::kUser && !BecomeUser(request->user)) {
    request->error = errno;
    sys::Exit(1);
  }
  Work(request);
}

[[noreturn]] void ChildMain(ExamineRequest* request,
                            const Link& link,
                            pid_t node,
                            const void* frame) {
  if (!BecomeChild(link.to_child[0], link.from_child[1])) {
    request->error = errno;
    sys::Exit(1);
  }
  SetDeadline(request->deadline_ms);
  sys::Prctl(PR_SET_PDEATHSIG, SIGKILL);
  const char name[] = "ptrace-probe";
  sys::Prctl(PR_SET_NAME, reinterpret_cast<unsigned long>(name));
  // A refusal is logged with the tracer's command line: not with what Node was given.
  WipeStackAbove(frame);
  if (request->tracer != Tracer::kUser) KeepCapabilitiesOfExec();
  if (request->tracer == Tracer::kChild) Work(request);
  ShedInheritedMemory(request);
  BecomeStranger(request, node);
}

}  // namespace

Examiner::Examiner(uint32_t count) {
  const size_t size = sizeof(ExamineRequest) + count * sizeof(Examination);
  void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    Fail("mmap");
    return;
  }
  request_ = static_cast<ExamineRequest*>(memory);
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

Examination* Examiner::results() const {
  return ResultsOf(request_);
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
  const pid_t node = sys::GetPid();
  child_ = ForkFromNode(&link);
  if (child_ == 0) ChildMain(request_, link, node, __builtin_frame_address(0));
  go_ = link.to_child[1];
  done_ = link.from_child[0];
  return child_ > 0 || Fail("clone");
}

void Examiner::Wait() {
  // Its own timer ends it in time, unless somebody has stopped it. A stranger, which is nobody's
  // child here, is waited for below.
  constexpr long kGraceMs = 1000;
  const long limit_ms = request_->deadline_ms + kGraceMs;
  if (request_->tracer == Tracer::kChild && !AwaitInput(done_, limit_ms)) {
    sys::Kill(child_, SIGKILL);
  }
  long r;
  do r = ::syscall(SYS_wait4, static_cast<long>(child_), nullptr, __WALL, nullptr);
  while (r < 0 && errno == EINTR);
  constexpr char kGo = 0;
  if (request_->tracer != Tracer::kChild) sys::Write(go_, &kGo, 1);
  // Ends when the last process that works for this request has ended.
  AwaitInput(done_, limit_ms);
}

}  // namespace ptrace_probe
