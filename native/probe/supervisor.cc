#include "probe/supervisor.h"

#include <sys/mman.h>

#include <initializer_list>

#include "probe/family.h"
#include "process/child_process.h"
#include "process/inherited_memory.h"
#include "process/proc_file.h"
#include "process/sys.h"

namespace ptrace_probe {
namespace {

constexpr int kExitAborted = 1;
constexpr int kExitNotWanted = 2;

[[noreturn]] void Abort(Arena* arena, Step step, int error) {
  arena->abort = {step, false, error, 0};
  sys::Exit(kExitAborted);
}

void ReadSelf(SelfFacts* self) {
  self->dumpable = ::syscall(SYS_prctl, PR_GET_DUMPABLE, 0L, 0L, 0L, 0L) == 1;
  self->cap_bounding = sys::Prctl(PR_CAPBSET_READ, CAP_SYS_PTRACE) == 1;
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3]{};
  ::syscall(SYS_capget, &header, data);
  self->cap_effective = (data[0].effective >> CAP_SYS_PTRACE & 1U) != 0;
  self->cap_permitted = (data[0].permitted >> CAP_SYS_PTRACE & 1U) != 0;
}

// A family's members wait for one another all the time and hardly ever run side by side: waking the
// next one on the same processor is faster than on another, on virtual machines twice as fast. Not
// on the one where Node runs, if there is a choice: its event loop has work of its own.
void StayOnOneCpu() {
  constexpr size_t kMaxCpus = 8192;
  constexpr size_t kBits = 8 * sizeof(unsigned long);
  unsigned long allowed[kMaxCpus / kBits] = {};
  unsigned here = 0;
  if (::syscall(SYS_getcpu, &here, nullptr, nullptr) != 0 ||
      ::syscall(SYS_sched_getaffinity, 0L, sizeof allowed, allowed) <= 0) {
    return;
  }
  for (size_t i = 1; i <= kMaxCpus; ++i) {
    const size_t cpu = (here + i) % kMaxCpus;
    if ((allowed[cpu / kBits] >> cpu % kBits & 1UL) == 0) continue;
    unsigned long mask[kMaxCpus / kBits] = {};
    mask[cpu / kBits] = 1UL << cpu % kBits;
    ::syscall(SYS_sched_setaffinity, 0L, sizeof mask, mask);
    return;
  }
}

void SetUp(Arena* arena, const Link& link) {
  if (!BecomeChild(link.to_child[0], link.from_child[1])) Abort(arena, Step::kFork, errno);
  ShedInheritedMemory(arena);
  StayOnOneCpu();
  ::syscall(SYS_setpgid, 0L, 0L);
  const char name[] = "ptrace-probe";
  sys::Prctl(PR_SET_NAME, reinterpret_cast<unsigned long>(name));
  const rlimit no_core{0, 0};
  ::syscall(SYS_prlimit64, 0L, RLIMIT_CORE, &no_core, nullptr);
  ReadSelf(&arena->self);
  if (sys::Prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) Abort(arena, Step::kGuard, errno);
  // Orphans of a family must come back here, where they are reaped.
  if (sys::Prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) Abort(arena, Step::kSubreaper, errno);
}

// What the members write to. Node's memory is not for them: they may run as another user.
Board* ShareBoard(Arena* arena) {
  if (::madvise(arena, sizeof *arena, MADV_DONTFORK) != 0) Abort(arena, Step::kFork, errno);
  void* memory =
      ::mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) Abort(arena, Step::kFork, errno);
  return static_cast<Board*>(memory);
}

enum class Ended { kTracerIsGone, kDeadline, kNotWanted };

Ended AwaitTracer(int done, int64_t limit_ms) {
  pollfd fds[] = {{done, POLLIN, 0}, {kReadEnd, POLLIN, 0}};
  if (sys::Poll(fds, 2, limit_ms) <= 0) return Ended::kDeadline;
  return fds[1].revents != 0 ? Ended::kNotWanted : Ended::kTracerIsGone;
}

// How much of its time a measurement has left. A clock that cannot be read leaves none.
class Deadline {
 public:
  explicit Deadline(int32_t limit_ms) : ok_(sys::ReadClock(&end_us_)) {
    end_us_ += int64_t{limit_ms} * 1000;
  }

  bool ok() const { return ok_; }

  int64_t LeftMs() const {
    int64_t now;
    return ok_ && sys::ReadClock(&now) && now < end_us_ ? (end_us_ - now + 999) / 1000 : 0;
  }

 private:
  int64_t end_us_ = 0;
  bool ok_;
};

// Kills the members that are children of this process, by birth or as orphans; the others die with
// their parents (Guard). Then reaps all: members never reap one another.
void EndFamily(const Board* board, int (&signals)[kRoleCount]) {
  for (const pid_t pid : board->members) {
    if (sys::IsOwnChild(pid)) sys::Kill(pid, SIGKILL);
  }
  for (;;) {
    int status = 0;
    const pid_t pid = sys::Reap(-1, &status, 0);
    if (pid < 0) return;
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
  }
  return true;
}

// Another process wrote it: only what is in the vocabulary goes on to Node.
Outcome Checked(const Outcome& outcome) {
  if (outcome.step > Step::kDone) return {Step::kNotRun, false, 0, 0};
  return {outcome.step, outcome.pending, outcome.error, outcome.signal};
}

// Runs one family from its first method on, as far as it comes; returns the index of the method to
// go on with.
int RunOnce(Family* family, int64_t limit_ms, Outcome* outcomes) {
  Board* board = family->board;
  const FamilySpec& spec = family->spec;
  const int first = family->first_method;
  const auto fill = [&](int from, const Outcome& outcome) {
    for (int i = from; i < spec.method_count; ++i) outcomes[i] = outcome;
    return static_cast<int>(spec.method_count);
  };

  *board = {};
  if (limit_ms == 0) return fill(first, {Step::kDeadline, false, 0, 0});
  for (auto* pipe : {&family->hold, &family->done, &family->ready, &family->adopted}) {
    if (!sys::Pipe(*pipe)) return fill(first, {Step::kFork, false, errno, 0});
  }
  const bool started = Start(family);
  const int fork_error = errno;
  // From here on the one writer of each pipe except `hold` is a member.
  sys::Close(family->done[1]);
  sys::Close(family->ready[1]);
  sys::Close(family->adopted[1]);
  const Ended ended = started ? AwaitTracer(family->done[0], limit_ms) : Ended::kTracerIsGone;
  int signals[kRoleCount] = {};
  sys::Close(family->hold[1]);
  EndFamily(board, signals);
  sys::Close(family->hold[0]);
  sys::Close(family->done[0]);
  sys::Close(family->ready[0]);
  sys::Close(family->adopted[0]);
  if (ended == Ended::kNotWanted) sys::Exit(kExitNotWanted);

  // No process writes to the board any more.
  int i = first;
  for (; i < spec.method_count; ++i) {
    outcomes[i] = Checked(board->outcomes[i]);
    if (outcomes[i].step == Step::kNotRun || outcomes[i].pending) break;
  }
  if (i == spec.method_count) return i;
  if (!started) return fill(i, {Step::kFork, false, fork_error, 0});
  if (ended == Ended::kDeadline) return fill(i, {Step::kDeadline, false, 0, 0});
  if (!outcomes[i].pending) return fill(i, Checked(WhySetupEnded(board, signals)));
  // The member that tried this method died there. The next method needs a new family.
  const int signal = spec.methods[i] == Method::kTraceme && signals[kTargetRole] != SIGKILL
                         ? signals[kTargetRole]
                         : signals[kTracerRole];
  outcomes[i].pending = false;
  outcomes[i].signal = signal;
  return i + 1;
}

}  // namespace

void Supervise(Arena* arena, pid_t self, Link link, const void* frame) {
  const Deadline deadline(arena->deadline_ms);
  if (!deadline.ok()) Abort(arena, Step::kDeadline, errno);
  SetUp(arena, link);
  WipeStackAbove(frame);
  Family family{};
  family.board = ShareBoard(arena);
  family.supervisor = self;
  // Elsewhere a member's PID names some other process.
  family.proc_is_ours = ProcIsOurs();
  User user;
  family.user = &user;
  for (uint32_t i = 0; i < arena->family_count; ++i) {
    family.spec = arena->families[i];
    if (family.spec.identity == Identity::kUser) user = arena->users[family.spec.user];
    family.first_method = 0;
    while (family.first_method < family.spec.method_count) {
      const int64_t left = deadline.LeftMs();
      family.first_method =
          RunOnce(&family, left < arena->attempt_ms ? left : arena->attempt_ms, arena->outcomes[i]);
    }
  }
  arena->finished = true;
  sys::Exit(0);
}

}  // namespace ptrace_probe
