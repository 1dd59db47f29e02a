#include "probe/family_run.h"

#include <initializer_list>

#include "process/child_process.h"
#include "process/fault.h"
#include "process/sys.h"

namespace ptrace_probe {
namespace {

constexpr int kExitNotWanted = 2;

// Whether a member's end leaves children of its own behind.
bool LeavesOrphans(const FamilySpec& spec) {
  return spec.tree.target_parent == Parent::kTracer || spec.tree.tracer_parent == Parent::kTarget ||
         spec.consent == Consent::kUnrelated;
}

enum class Ended { kTracerIsGone, kDeadline, kNotWanted };

Ended AwaitTracer(int done, int64_t limit_ms) {
  pollfd fds[] = {{done, POLLIN, 0}, {kReadEnd, POLLIN, 0}};
  if (sys::Poll(fds, 2, limit_ms) <= 0) return Ended::kDeadline;
  return fds[1].revents != 0 ? Ended::kNotWanted : Ended::kTracerIsGone;
}

// Kills the members that are children of this process, by birth or as orphans; the others die with
// their parents (Guard). Then reaps all: members never reap one another. A member that has died has
// left its children to this process before it can be reaped, and they may be stopped.
void EndFamily(const Board* board, int (&signals)[kRoleCount]) {
  for (;;) {
    for (const pid_t pid : board->members) {
      if (sys::IsOwnChild(pid)) sys::Kill(pid, SIGKILL);
    }
    fault::At(fault::Point::kFamilyKilled);
    int status = 0;
    const pid_t pid = sys::Reap(-1, &status, 0);
    if (pid < 0) return;
    fault::At(fault::Point::kMemberReaped);
    for (int role = 0; role < kRoleCount; ++role) {
      if (board->members[role] == pid && WIFSIGNALED(status)) signals[role] = WTERMSIG(status);
    }
  }
}

// The first cause: a member that found its parent gone (Step::kGuard without an errno) only follows
// another one that failed.
Outcome WhySetupEnded(const Board* board, const int (&signals)[kRoleCount]) {
  Outcome why{Step::kGuard, false, 0, SIGKILL};
  for (const Outcome& setup : board->setup) {
    if (setup.step == Step::kNotRun || setup.pending) continue;
    if (setup.step != Step::kGuard || setup.error != 0) return setup;
    why = setup;
  }
  for (int role = 0; role < kRoleCount; ++role) {
    if (signals[role] == 0 || signals[role] == SIGKILL) continue;
    return {board->setup[role].step, false, 0, signals[role]};
  }
  return why;
}

// Forks the members that are this process' own children; false when that failed.
bool Start(Family* family) {
  const Tree& tree = family->spec.tree;
  const struct {
    Role role;
    bool wanted;
    void (*main)(Family*, pid_t);
  } children[] = {
      {kTracerRole, tree.tracer_parent == Parent::kSupervisor, &TracerMain},
      {kTargetRole, tree.target_parent == Parent::kSupervisor, &TargetMain},
  };
  for (const auto& child : children) {
    if (!child.wanted) continue;
    pid_t number;
    const pid_t pid = sys::Fork(&number);
    if (pid < 0) return false;
    if (pid == 0) {
      EnterRole(family, child.role, number);
      child.main(family, family->supervisor);
    }
    family->board->members[child.role] = number;
    fault::At(fault::Point::kChildForked);
  }
  return true;
}

// Another process wrote it: only what is in the vocabulary goes on to Node.
Outcome Checked(const Outcome& outcome) {
  if (outcome.step > Step::kDone) return {Step::kNotRun, false, 0, 0};
  return {outcome.step, outcome.pending, outcome.error, outcome.signal};
}

}  // namespace

int RunFamily(Family* family, int subreaper_error, int64_t limit_ms, Outcome* outcomes) {
  Board* board = family->board;
  const FamilySpec& spec = family->spec;
  const int first = family->first_method;
  const auto fill = [&](int from, const Outcome& outcome) {
    for (int i = from; i < spec.method_count; ++i) outcomes[i] = outcome;
    return static_cast<int>(spec.method_count);
  };

  *board = {};
  fault::At(fault::Point::kFamilyBegins);
  if (limit_ms == 0) return fill(first, {Step::kDeadline, false, 0, 0});
  if (subreaper_error != 0 && LeavesOrphans(spec)) {
    return fill(first, {Step::kSubreaper, false, subreaper_error, 0});
  }
  for (auto* pipe : {&family->hold, &family->done, &family->ready, &family->adopted}) {
    if (!sys::Pipe(*pipe)) return fill(first, {Step::kFork, false, errno, 0});
  }
  fault::At(fault::Point::kFamilyPiped);
  const bool started = Start(family);
  const int fork_error = errno;
  // From here on the one writer of each pipe except `hold` is a member.
  sys::Close(family->done[1]);
  sys::Close(family->ready[1]);
  sys::Close(family->adopted[1]);
  fault::At(fault::Point::kFamilyAwaited);
  const Ended ended = started ? AwaitTracer(family->done[0], limit_ms) : Ended::kTracerIsGone;
  fault::At(fault::Point::kFamilyDone);
  int signals[kRoleCount] = {};
  sys::Close(family->hold[1]);
  EndFamily(board, signals);
  sys::Close(family->hold[0]);
  sys::Close(family->done[0]);
  sys::Close(family->ready[0]);
  sys::Close(family->adopted[0]);
  if (ended == Ended::kNotWanted) sys::Exit(kExitNotWanted);

  // No process writes to the board any more.
  fault::At(fault::Point::kFamilyRead);
  int i = first;
  for (; i < spec.method_count; ++i) {
    outcomes[i] = Checked(board->outcomes[i]);
    if (outcomes[i].step == Step::kNotRun || outcomes[i].pending) break;
  }
  if (i == spec.method_count) return i;
  if (!started) return fill(i, {Step::kFork, false, fork_error, 0});
  if (ended == Ended::kDeadline) return fill(i, {Step::kDeadline, false, 0, 0});
  if (!outcomes[i].pending) return fill(i, Checked(WhySetupEnded(board, signals)));
  // The member that tried this method died there, perhaps before it had checked the answer. The
  // next method needs a new family.
  const int signal = spec.methods[i] == Method::kTraceme && signals[kTargetRole] != SIGKILL
                         ? signals[kTargetRole]
                         : signals[kTracerRole];
  const bool unchecked =
      outcomes[i].step == Step::kDone || (outcomes[i].step == Step::kTry && outcomes[i].error != 0);
  outcomes[i] = {unchecked ? Step::kEnded : outcomes[i].step, false, outcomes[i].error, signal};
  return i + 1;
}

}  // namespace ptrace_probe
