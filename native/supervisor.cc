#include "supervisor.h"

#include <initializer_list>

#include "family.h"
#include "shed.h"
#include "sys.h"

namespace ptrace_probe {
namespace {

// Standard input and output are free once the inherited descriptors are closed.
constexpr int kLifeline = 0;
constexpr int kDone = 1;
constexpr int kFirstOther = 2;

constexpr int kExitAborted = 1;
constexpr int kExitNotWanted = 2;

[[noreturn]] void Abort(Arena* arena, Step step, int error) {
  arena->abort = {step, false, error, 0};
  sys::Exit(kExitAborted);
}

void KeepOnly(Arena* arena, int lifeline, int done) {
  // Above what will be kept, so that neither dup3 overwrites the other's source.
  const long high_lifeline = ::syscall(SYS_fcntl, lifeline, F_DUPFD_CLOEXEC, kFirstOther);
  const long high_done = ::syscall(SYS_fcntl, done, F_DUPFD_CLOEXEC, kFirstOther);
  if (::syscall(SYS_dup3, high_lifeline, kLifeline, O_CLOEXEC) < 0 ||
      ::syscall(SYS_dup3, high_done, kDone, O_CLOEXEC) < 0) {
    Abort(arena, Step::kFork, errno);
  }
  if (::syscall(SYS_close_range, kFirstOther, ~0U, 0) == 0) return;
  // Before Linux 5.9, or filtered.
  rlimit limit{};
  ::syscall(SYS_prlimit64, 0L, RLIMIT_NOFILE, nullptr, &limit);
  constexpr rlim_t kSane = 1 << 20;
  const int end = static_cast<int>(limit.rlim_cur < kSane ? limit.rlim_cur : kSane);
  for (int fd = kFirstOther; fd < end; ++fd) sys::Close(fd);
}

// Node's handlers must not run here, and what Node ignores or blocks must not be inherited by
// processes that wait for signals.
void ResetSignals() {
  constexpr int kSignals = 64;
  constexpr size_t kMaskSize = 8;
  // The kernel's struct sigaction: all zero is SIG_DFL on every architecture.
  const uint64_t standard[4] = {};
  for (int signal = 1; signal <= kSignals; ++signal) {
    ::syscall(SYS_rt_sigaction, signal, standard, nullptr, kMaskSize);
  }
  const uint64_t none = 0;
  ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, nullptr, kMaskSize);
}

// /proc may be another PID namespace's, where a member's PID names some other process.
bool ProcIsOurs() {
  char text[16];
  const long n = ::syscall(SYS_readlinkat, AT_FDCWD, "/proc/self", text, sizeof text);
  if (n <= 0) return false;
  pid_t pid = 0;
  for (long i = 0; i < n; ++i) pid = pid * 10 + (text[i] - '0');
  return pid == sys::GetPid();
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

void SetUp(Arena* arena, int lifeline, int done) {
  KeepOnly(arena, lifeline, done);
  ResetSignals();
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
  arena->proc_is_ours = ProcIsOurs();
}

enum class Ended { kTracerIsGone, kDeadline, kNotWanted };

Ended AwaitTracer(int done, int64_t deadline) {
  for (;;) {
    const int64_t left = deadline - sys::NowMs();
    if (left <= 0) return Ended::kDeadline;
    pollfd fds[] = {{done, POLLIN, 0}, {kLifeline, POLLIN, 0}};
    const timespec timeout{left / 1000, left % 1000 * 1000000};
    const long n = ::syscall(SYS_ppoll, fds, 2L, &timeout, nullptr, size_t{8});
    if (n < 0 && errno != EINTR) return Ended::kDeadline;
    if (n <= 0) continue;
    if (fds[1].revents != 0) return Ended::kNotWanted;
    return Ended::kTracerIsGone;
  }
}

// Kills every member and reaps it. Members never reap one another, so a registered PID is still
// that member's; one that was not registered yet ends by itself (Guard, or the end of its pipe).
void EndFamily(Arena* arena, int (&signals)[kRoleCount]) {
  for (const pid_t pid : arena->members) {
    if (pid > 0) sys::Kill(pid, SIGKILL);
  }
  for (;;) {
    int status = 0;
    const long pid = ::syscall(SYS_wait4, -1L, &status, __WALL, nullptr);
    if (pid < 0 && errno == EINTR) continue;
    if (pid < 0) return;
    for (int role = 0; role < kRoleCount; ++role) {
      if (arena->members[role] == pid && WIFSIGNALED(status)) signals[role] = WTERMSIG(status);
    }
  }
}

// The first cause: a member that found its parent gone (Step::kGuard without an errno) only follows
// another one that failed.
Outcome WhySetupEnded(const Arena* arena, const int (&signals)[kRoleCount]) {
  Outcome why{Step::kGuard, false, 0, SIGKILL};
  for (const Outcome& setup : arena->setup) {
    if (setup.step == Step::kNotRun || setup.pending) continue;
    if (setup.step != Step::kGuard || setup.error != 0) return setup;
    why = setup;
  }
  for (int role = 0; role < kRoleCount; ++role) {
    if (signals[role] == 0 || signals[role] == SIGKILL) continue;
    return {arena->setup[role].step, false, 0, signals[role]};
  }
  return why;
}

// Forks the members that are this process' own children; false when that failed.
bool Start(Family* family) {
  const Tree& tree = family->spec->tree;
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
    const pid_t pid = sys::Fork();
    if (pid < 0) return false;
    if (pid == 0) {
      EnterRole(family, child.role);
      child.main(family, family->supervisor);
    }
    family->arena->members[child.role] = pid;
  }
  return true;
}

// Runs one family from method `first` on; returns the index of the method to go on with.
int RunOnce(Family* family, int64_t deadline) {
  Arena* arena = family->arena;
  FamilySpec* spec = family->spec;
  for (auto& pid : arena->members) pid = 0;
  for (auto& setup : arena->setup) setup = {};
  family->identity_taken = false;

  const auto fill = [&](int from, const Outcome& outcome) {
    for (int i = from; i < spec->method_count; ++i) spec->outcomes[i] = outcome;
    return static_cast<int>(spec->method_count);
  };

  if (sys::NowMs() >= deadline) return fill(family->first_method, {Step::kDeadline, false, 0, 0});
  for (auto* pipe : {&family->hold, &family->done, &family->ready, &family->adopted}) {
    if (!sys::Pipe(*pipe)) return fill(family->first_method, {Step::kFork, false, errno, 0});
  }
  const bool started = Start(family);
  const int fork_error = errno;
  // Each pipe's one writer is a member from here on, but for `hold`.
  sys::Close(family->done[1]);
  sys::Close(family->ready[1]);
  sys::Close(family->adopted[1]);
  const Ended ended = started ? AwaitTracer(family->done[0], deadline) : Ended::kTracerIsGone;
  int signals[kRoleCount] = {};
  sys::Close(family->hold[1]);
  EndFamily(arena, signals);
  sys::Close(family->hold[0]);
  sys::Close(family->done[0]);
  sys::Close(family->ready[0]);
  sys::Close(family->adopted[0]);
  if (ended == Ended::kNotWanted) sys::Exit(kExitNotWanted);

  int i = family->first_method;
  while (i < spec->method_count && spec->outcomes[i].step != Step::kNotRun &&
         !spec->outcomes[i].pending) {
    ++i;
  }
  if (i == spec->method_count) return i;
  if (!started) return fill(i, {Step::kFork, false, fork_error, 0});
  if (ended == Ended::kDeadline) return fill(i, {Step::kDeadline, false, 0, 0});
  if (!spec->outcomes[i].pending) return fill(i, WhySetupEnded(arena, signals));
  // Whoever tried it died there. What comes after it needs a new family.
  const int signal = spec->methods[i] == Method::kTraceme && signals[kTargetRole] != SIGKILL
                         ? signals[kTargetRole]
                         : signals[kTracerRole];
  spec->outcomes[i].pending = false;
  spec->outcomes[i].signal = signal;
  return i + 1;
}

}  // namespace

void Supervise(Arena* arena, int lifeline, int done) {
  const int64_t deadline = sys::NowMs() + arena->deadline_ms;
  SetUp(arena, lifeline, done);
  Family family{};
  family.arena = arena;
  family.supervisor = sys::GetPid();
  for (uint32_t i = 0; i < arena->family_count; ++i) {
    family.spec = &arena->families[i];
    family.first_method = 0;
    while (family.first_method < family.spec->method_count) {
      const int64_t attempt = sys::NowMs() + arena->attempt_ms;
      family.first_method = RunOnce(&family, attempt < deadline ? attempt : deadline);
    }
  }
  arena->finished = true;
  sys::Exit(0);
}

}  // namespace ptrace_probe
