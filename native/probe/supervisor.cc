#include "probe/supervisor.h"

#include <sys/mman.h>

#include "probe/family_run.h"
#include "process/child_process.h"
#include "process/fault.h"
#include "process/inherited_memory.h"
#include "process/proc_file.h"
#include "process/sys.h"

namespace ptrace_probe {
namespace {

constexpr int kExitAborted = 1;

[[noreturn]] void Abort(Arena* arena, Step step, int error) {
  arena->abort = {step, false, error, 0};
  sys::Exit(kExitAborted);
}

// What cannot be read is not stated.
void ReadSelf(Arena* arena) {
  SelfFacts* self = &arena->self;
  const long dumpable = sys::Prctl(PR_GET_DUMPABLE, 0);
  if (dumpable < 0) Abort(arena, Step::kDumpable, errno);
  self->dumpable = dumpable == 1;
  const long bounding = sys::Prctl(PR_CAPBSET_READ, CAP_SYS_PTRACE);
  if (bounding < 0) Abort(arena, Step::kDumpable, errno);
  self->cap_bounding = bounding == 1;
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3]{};
  if (::syscall(SYS_capget, &header, data) != 0) Abort(arena, Step::kIdentity, errno);
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
  if (sys::Prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) Abort(arena, Step::kGuard, errno);
  fault::At(fault::Point::kSupervisorGuarded);
  if (!BecomeChild(link.to_child[0], link.from_child[1])) Abort(arena, Step::kFork, errno);
  fault::At(fault::Point::kSupervisorLinked);
  ShedInheritedMemory(arena);
  fault::At(fault::Point::kSupervisorShed);
  StayOnOneCpu();
  ::syscall(SYS_setpgid, 0L, 0L);
  fault::At(fault::Point::kSupervisorLeads);
  const char name[] = "ptrace-probe";
  sys::Prctl(PR_SET_NAME, reinterpret_cast<unsigned long>(name));
  ReadSelf(arena);
}

// Orphans of a family must come back here, where they are reaped. 0, or the errno of what keeps
// them from it: qemu-user does not know the call.
int AdoptOrphans() {
  return sys::Prctl(PR_SET_CHILD_SUBREAPER, 1) == 0 ? 0 : errno;
}

// What the members write to. Node's memory is not for them: they may run as another user.
Board* ShareBoard(Arena* arena) {
  if (::madvise(arena, sizeof *arena, MADV_DONTFORK) != 0) Abort(arena, Step::kFork, errno);
  void* memory =
      ::mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) Abort(arena, Step::kFork, errno);
  return static_cast<Board*>(memory);
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

// The errno of a control of ptrace(2) that got one answer to two questions; 0 if there is none. The
// kernel answers them differently. An emulator does not, and one was seen to crash with every
// process that it runs when it was asked for more (PTRACE_TRACEME of an orphan under proot).
int ForeignPtrace(const FamilySpec& spec, const Outcome* outcomes) {
  for (int i = 0; i < spec.method_count; ++i) {
    const Method method = spec.methods[i];
    const bool is_control = method == Method::kControlAttach || method == Method::kControlSeize;
    if (is_control && outcomes[i].step == Step::kRead) return outcomes[i].error;
  }
  return 0;
}

}  // namespace

void Supervise(Arena* arena, pid_t self, Link link, const void* frame) {
  fault::At(fault::Point::kSupervisorBorn);
  const Deadline deadline(arena->deadline_ms);
  if (!deadline.ok()) Abort(arena, Step::kDeadline, errno);
  SetUp(arena, link);
  const int subreaper_error = AdoptOrphans();
  WipeStackAbove(frame);
  fault::At(fault::Point::kSupervisorWiped);
  Family family{};
  family.board = ShareBoard(arena);
  family.supervisor = self;
  fault::Supervisor(self, family.board->members);
  fault::At(fault::Point::kBoardShared);
  // Elsewhere a member's PID names some other process.
  family.proc_is_ours = ProcIsOurs();
  User user;
  family.user = &user;
  int foreign_ptrace = 0;
  for (uint32_t i = 0; i < arena->family_count; ++i) {
    family.spec = arena->families[i];
    if (family.spec.identity == Identity::kUser) user = arena->users[family.spec.user];
    family.first_method = 0;
    family.foreign_ptrace = foreign_ptrace;
    while (family.first_method < family.spec.method_count) {
      const int64_t left = deadline.LeftMs();
      family.first_method = RunFamily(&family,
                                      subreaper_error,
                                      left < arena->attempt_ms ? left : arena->attempt_ms,
                                      arena->outcomes[i]);
    }
    if (foreign_ptrace == 0) foreign_ptrace = ForeignPtrace(family.spec, arena->outcomes[i]);
  }
  arena->finished = true;
  fault::At(fault::Point::kSupervisorFinished);
  sys::Exit(0);
}

}  // namespace ptrace_probe
