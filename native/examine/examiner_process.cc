#include "examine/examiner_process.h"

#include <sys/time.h>

#include "process/credentials.h"
#include "process/fault.h"
#include "process/inherited_memory.h"
#include "process/sys.h"

namespace ptrace_probe {
namespace {

// The kernel ends the examiner when its time is up: no other process may be able to. SIGKILL ends
// it even when it is stopped; SIGALRM would have to wait.
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

void Answer(ExamineRequest* request, uint32_t run) {
  ProcessExamination* results = ResultsOf(request, run);
  for (uint32_t i = 0; i < request->count; ++i) {
    Examine(results[i].process.pid, request->oracles, &results[i]);
    request->runs[run].done = i + 1;
    fault::At(fault::Point::kExaminationKept);
  }
}

// A process whose parent dies is adopted, and is no longer a descendant of its former ancestors:
// Yama follows the parents of today (security/yama/yama_lsm.c, task_is_descendant()).
[[noreturn]] void StrangerMain(const Orders& orders) {
  ExamineRequest* request = orders.request;
  const uint32_t run = request->tracer_count - 1;
  TracerRun* asked = &request->runs[run];
  fault::At(fault::Point::kStrangerBorn);
  SetDeadline(request->deadline_ms);
  fault::At(fault::Point::kStrangerTimed);
  // Node says so when it has seen the parent's death.
  char byte;
  if (sys::Read(kReadEnd, &byte, 1) != 1) sys::Exit(1);
  fault::At(fault::Point::kStrangerHears);
  const pid_t parent = sys::GetParentPid();
  if (parent < 0) {
    asked->error = errno;
    sys::Exit(1);
  }
  asked->is_related = parent == orders.node;
  if (asked->tracer == Tracer::kUser && !BecomeUser(request->user)) {
    asked->error = errno;
    sys::Exit(1);
  }
  fault::At(fault::Point::kStrangerReady);
  Answer(request, run);
  fault::At(fault::Point::kExaminerLeaves);
  sys::Exit(0);
}

// The kernel writes its number down (clone(2), CLONE_PARENT_SETTID): this process may be stopped,
// and then ended, before it could.
void LeaveStranger(const Orders& orders) {
  TracerRun* asked = &orders.request->runs[orders.request->tracer_count - 1];
  const pid_t pid = sys::Fork(&asked->pid);
  if (pid == 0) StrangerMain(orders);
  if (pid < 0) asked->error = errno;
  fault::At(fault::Point::kStrangerForked);
}

// Answers as a child of Node, and leaves a stranger behind, as the request says.
void ActAsChild(const Orders& orders) {
  ExamineRequest* request = orders.request;
  const char name[] = "ptrace-probe";
  sys::Prctl(PR_SET_NAME, reinterpret_cast<unsigned long>(name));
  if (request->runs[0].tracer != Tracer::kUser &&
      !KeepCapabilitiesOfExec(request->clears_ambient)) {
    for (TracerRun& run : request->runs) run.error = errno;
    sys::Exit(1);
  }
  fault::At(fault::Point::kExaminerReady);
  for (uint32_t i = 0; i < request->tracer_count; ++i) {
    if (request->runs[i].tracer == Tracer::kChild) {
      Answer(request, i);
    } else {
      ShedInheritedMemory(request);
      LeaveStranger(orders);
    }
  }
}

}  // namespace

ProcessExamination* ResultsOf(ExamineRequest* request, uint32_t run) {
  return reinterpret_cast<ProcessExamination*>(request + 1) + size_t{run} * request->count;
}

void ForkedMain(const Orders& given, const void* frame) {
  // A copy on this side of `frame`.
  const Orders orders = given;
  fault::At(fault::Point::kExaminerBorn);
  sys::Prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (!BecomeChild(orders.link.to_child[0], orders.link.from_child[1])) {
    for (TracerRun& run : orders.request->runs) run.error = errno;
    sys::Exit(1);
  }
  fault::At(fault::Point::kExaminerLinked);
  ::syscall(SYS_setpgid, 0L, 0L);
  SetDeadline(orders.request->deadline_ms);
  fault::At(fault::Point::kExaminerTimed);
  // A refusal is logged with the tracer's command line: not with what Node was given.
  WipeStackAbove(frame);
  fault::At(fault::Point::kExaminerWiped);
  ActAsChild(orders);
  sys::Exit(0);
}

}  // namespace ptrace_probe
