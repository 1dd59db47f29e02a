#include "examiner.h"

#include <sys/mman.h>
#include <sys/time.h>

#include "forked.h"
#include "identity.h"
#include "shed.h"
#include "sys.h"

namespace ptrace_probe {
namespace {

Examination* ResultsOf(ExamineRequest* request, uint32_t inquiry) {
  return reinterpret_cast<Examination*>(request + 1) + size_t{inquiry} * request->count;
}

// The kernel ends the examiner when its time is up, wherever it is: nobody else may be able to.
// SIGKILL ends it even if somebody has stopped it; SIGALRM would have to wait.
void SetDeadline(int32_t milliseconds) {
  const timespec time{milliseconds / 1000, milliseconds % 1000 * 1000000L};
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGKILL;
  int timer;
  const itimerspec once{{0, 0}, time};
  if (::syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &timer) == 0 &&
      ::syscall(SYS_timer_settime, timer, 0, &once, nullptr) == 0) {
    return;
  }
  // Filtered, or the user has too many signals queued (getrlimit(2), RLIMIT_SIGPENDING).
  const itimerval alarm{{0, 0}, {time.tv_sec, time.tv_nsec / 1000}};
  ::syscall(SYS_setitimer, ITIMER_REAL, &alarm, nullptr);
}

void Answer(ExamineRequest* request, uint32_t inquiry) {
  Examination* results = ResultsOf(request, inquiry);
  for (uint32_t i = 0; i < request->count; ++i) {
    Examine(results[i].pid, request->oracles, &results[i]);
    request->inquiries[inquiry].done = i + 1;
  }
}

// A process whose parent dies is adopted, and with that no longer a relation of whom it descended
// from: Yama follows the parents of today (security/yama/yama_lsm.c, task_is_descendant()).
void LeaveStranger(ExamineRequest* request, uint32_t inquiry, pid_t node) {
  Inquiry* asked = &request->inquiries[inquiry];
  // Its parent may be stopped, and then ended, before it could write the number down.
  const pid_t pid = sys::Fork(&asked->pid);
  if (pid < 0) asked->error = errno;
  if (pid != 0) return;
  SetDeadline(request->deadline_ms);
  // Node says so when it has seen the parent's death.
  char byte;
  if (sys::Read(kReadEnd, &byte, 1) != 1) sys::Exit(1);
  asked->is_related = sys::GetParentPid() == node;
  if (asked->tracer == Tracer::kUser && !BecomeUser(request->user)) {
    asked->error = errno;
    sys::Exit(1);
  }
  Answer(request, inquiry);
  sys::Exit(0);
}

// Nothing above `frame` on the stack is needed. Not inlined for the same reason as Supervise().
[[noreturn, gnu::noinline]] void ChildMain(ExamineRequest* request,
                                           const Link& link,
                                           pid_t node,
                                           const void* frame) {
  if (!BecomeChild(link.to_child[0], link.from_child[1])) {
    for (Inquiry& inquiry : request->inquiries) inquiry.error = errno;
    sys::Exit(1);
  }
  SetDeadline(request->deadline_ms);
  sys::Prctl(PR_SET_PDEATHSIG, SIGKILL);
  const char name[] = "ptrace-probe";
  sys::Prctl(PR_SET_NAME, reinterpret_cast<unsigned long>(name));
  // A refusal is logged with the tracer's command line: not with what Node was given.
  WipeStackAbove(frame);
  if (request->inquiries[0].tracer != Tracer::kUser) KeepCapabilitiesOfExec();
  for (uint32_t i = 0; i < request->tracer_count; ++i) {
    if (request->inquiries[i].tracer == Tracer::kChild) {
      Answer(request, i);
    } else {
      ShedInheritedMemory(request);
      LeaveStranger(request, i, node);
    }
  }
  sys::Exit(0);
}

}  // namespace

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

Examination* Examiner::results(uint32_t inquiry) const {
  return ResultsOf(request_, inquiry);
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
  // Timers of their own end them in time, unless somebody stops them before they have one.
  constexpr long kGraceMs = 1000;
  const long limit_ms = request_->deadline_ms + kGraceMs;
  ReapChild(limit_ms);
  Inquiry* last = &request_->inquiries[request_->tracer_count - 1];
  if (last->tracer != Tracer::kChild) AwaitStranger(last, limit_ms);
}

void Examiner::ReapChild(long limit_ms) {
  const int pidfd = sys::PidfdOpen(child_);
  if (pidfd >= 0 && !AwaitInput(pidfd, limit_ms)) sys::Kill(child_, SIGKILL);
  sys::Close(pidfd);
  long r;
  do r = ::syscall(SYS_wait4, static_cast<long>(child_), nullptr, __WALL, nullptr);
  while (r < 0 && errno == EINTR);
}

void Examiner::AwaitStranger(Inquiry* asked, long limit_ms) {
  constexpr char kGo = 0;
  sys::Write(go_, &kGo, 1);
  if (AwaitInput(done_, limit_ms) || asked->pid <= 0) return;
  // As long as the pipe has a writer the stranger lives, so that the number is still its own.
  const int pidfd = sys::PidfdOpen(asked->pid);
  if (pidfd >= 0 && !AwaitInput(done_, 1)) {
    ::syscall(SYS_pidfd_send_signal, static_cast<long>(pidfd), SIGKILL, nullptr, 0L);
  }
  sys::Close(pidfd);
}

}  // namespace ptrace_probe
