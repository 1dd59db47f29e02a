// The lives of a family's members, between fork and _exit: async-signal-safe code only.

#include "probe/family.h"
#include "process/fault.h"
#include "process/sys.h"

namespace ptrace_probe {

namespace {

constexpr int kSetupFailed = 1;

void SetDumpable(Family* family, bool dumpable) {
  if (sys::Prctl(PR_SET_DUMPABLE, dumpable ? 1 : 0) != 0) {
    SetupFailed(family, Step::kDumpable, errno);
  }
}

// A byte means "go on". The end of the pipe means that its writer is gone.
void WaitFor(int fd) {
  char byte;
  if (sys::Read(fd, &byte, 1) != 1) sys::Exit(kSetupFailed);
}

[[noreturn]] void BlockUntilReleased(Family* family) {
  fault::At(fault::Point::kTargetBlocks);
  char byte;
  sys::Read(family->hold[0], &byte, 1);
  sys::Exit(0);
}

void Tell(int fd) {
  constexpr char kByte = 0;
  sys::Write(fd, &kByte, 1);
}

// Forks the target, or the process between the tracer and the target, and returns when the family
// has the shape that Tree describes.
void ForkDescendants(Family* family) {
  const Tree& tree = family->spec.tree;
  const pid_t tracer = family->self;
  if (tree.middle == Middle::kNone) {
    if (ForkMember(family, kTargetRole) == 0) TargetMain(family, tracer);
    return;
  }
  const pid_t middle = ForkMember(family, kMiddleRole);
  if (middle == 0) {
    sys::Close(family->done[1]);
    Guard(family, tracer);
    const pid_t middle_self = family->self;
    if (ForkMember(family, kTargetRole) == 0) TargetMain(family, middle_self);
    fault::At(fault::Point::kMiddleLeaves);
    if (tree.middle == Middle::kExits) sys::Exit(0);
    sys::Close(family->ready[1]);
    BlockUntilReleased(family);
  }
  if (tree.middle != Middle::kExits) return;
  // The kernel has given the target to its new parent before the death can be waited for
  // (kernel/exit.c, exit_notify()).
  siginfo_t info{};
  if (!sys::Await(middle, WEXITED | WNOWAIT, &info)) SetupFailed(family, Step::kAdopted, errno);
  fault::At(fault::Point::kMiddleGone);
  Tell(family->adopted[1]);
  fault::At(fault::Point::kOrphanTold);
}

}  // namespace

void SetupFailed(Family* family, Step step, int error) {
  family->board->setup[family->role] = {step, false, error, 0};
  sys::Exit(kSetupFailed);
}

void EnterRole(Family* family, Role role, pid_t self) {
  family->role = role;
  family->self = self;
  family->board->members[role] = self;
  fault::At(fault::Point::kMemberBorn);
}

pid_t ForkMember(Family* family, Role role) {
  SetupStep(family, Step::kFork);
  fault::At(fault::Point::kMemberForks);
  pid_t number;
  const pid_t pid = sys::Fork(&number);
  if (pid < 0) SetupFailed(family, Step::kFork, errno);
  if (pid == 0) {
    EnterRole(family, role, number);
  } else {
    family->board->members[role] = number;
    fault::At(fault::Point::kMemberForked);
  }
  return pid;
}

void Guard(Family* family, pid_t parent) {
  if (sys::Prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) SetupFailed(family, Step::kGuard, errno);
  // The parent may have died before that line.
  if (sys::GetParentPid() != parent) SetupFailed(family, Step::kGuard, 0);
  fault::At(fault::Point::kMemberGuarded);
}

void TracerMain(Family* family, pid_t parent) {
  const Tree& tree = family->spec.tree;
  // Only the supervisor holds the writing end, or its death would go unnoticed.
  sys::Close(family->hold[1]);
  Guard(family, parent);
  TakeIdentity(family);
  Guard(family, parent);  // a change of ids clears PR_SET_PDEATHSIG
  fault::At(fault::Point::kTracerSettled);
  if (tree.tracer_adopts) {
    SetupStep(family, Step::kSubreaper);
    if (sys::Prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) {
      SetupFailed(family, Step::kSubreaper, errno);
    }
  }
  pid_t target = 0;
  if (tree.target_parent != Parent::kNone) {
    if (tree.target_parent == Parent::kTracer) ForkDescendants(family);
    sys::Close(family->ready[1]);
    fault::At(fault::Point::kTracerAwaits);
    WaitFor(family->ready[0]);
    fault::At(fault::Point::kTracerHears);
    target = family->board->members[kTargetRole];
    if (!sys::CanBeOurs(target)) SetupFailed(family, Step::kGuard, ESRCH);
  }
  for (int i = family->first_method; i < family->spec.method_count; ++i) {
    const Method method = family->spec.methods[i];
    // A filter may kill this process, and one that is not dumpable leaves no core dump behind.
    // Its own /proc files belong to root then, so the control that opens one needs to be dumpable.
    SetDumpable(family, method == Method::kControlProcMem);
    fault::At(fault::Point::kMethodBegins);
    Try(family, method, target, &family->board->outcomes[i]);
    fault::At(fault::Point::kMethodEnds);
  }
  fault::At(fault::Point::kTracerLeaves);
  sys::Exit(0);
}

void TargetMain(Family* family, pid_t parent) {
  const Tree& tree = family->spec.tree;
  sys::Close(family->hold[1]);
  sys::Close(family->adopted[1]);
  if (tree.middle == Middle::kExits) {
    // Its first parent must die without taking it along. Until then it is the end of this pipe that
    // ends it when the family dies.
    WaitFor(family->adopted[0]);
    fault::At(fault::Point::kTargetAdopted);
    parent = tree.tracer_adopts ? family->board->members[kTracerRole] : family->supervisor;
    if (sys::GetParentPid() != parent) SetupFailed(family, Step::kAdopted, 0);
  }
  Guard(family, parent);
  TakeIdentity(family);
  EnterUserNamespace(family);
  Guard(family, parent);  // a change of ids clears PR_SET_PDEATHSIG
  SetDumpable(family, family->spec.methods[family->first_method] != Method::kReadProtected);
  fault::At(fault::Point::kTargetSettled);
  if (tree.tracer_parent == Parent::kTarget) {
    const pid_t self = family->self;
    if (ForkMember(family, kTracerRole) == 0) TracerMain(family, self);
  }
  sys::Close(family->done[1]);
  BecomeReadable(family);
  GiveConsent(family);
  Tell(family->ready[1]);
  fault::At(fault::Point::kTargetReady);
  Outcome* first = &family->board->outcomes[family->first_method];
  if (family->spec.methods[family->first_method] == Method::kTraceme) {
    SetDumpable(family, false);
    TargetTraceme(family, first);
  }
  BlockUntilReleased(family);
}

}  // namespace ptrace_probe
