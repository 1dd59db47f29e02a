#ifndef PTRACE_PROBE_EXAMINE_EXAMINE_H_
#define PTRACE_PROBE_EXAMINE_EXAMINE_H_

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

namespace ptrace_probe {

// What /proc shows of a process. Each part says whether it could be read: `error` is an errno, and
// only where it is 0 do the other fields mean anything. Plain data: a forked examiner fills it in
// where Node can read it.

struct Stat {  // proc_pid_stat(5)
  int32_t error;
  char name[64];
  char state;
  uint32_t flags;
  int32_t parent;
  int32_t threads;
  uint64_t start_time;  // in clock ticks since boot
};

struct Status {  // proc_pid_status(5)
  int32_t error;
  int32_t thread_group;
  int32_t tracer;
  uint32_t uids[3];  // real, effective, saved
  uint32_t gids[3];
  uint64_t cap_permitted;
  uint64_t cap_effective;
};

struct ProcessFacts {
  Stat stat;
  Status status;
};

struct Owners {
  int32_t error;
  uint32_t directory;  // the uid that owns /proc/PID: the effective one
  uint32_t files;      // the uid that owns /proc/PID/stat: root where the process is not dumpable
};

struct Namespace {
  int32_t error;
  uint64_t inode;
};

template <size_t kSize>
struct Text {
  int32_t error;
  char text[kSize];
};

struct Details {
  Owners owners;
  Namespace user_namespace;  // the link can be read only with READ access, the maps always
  Text<128> uid_map;
  Text<64> projid_map;  // almost never written
  Text<256> label;
};

// How one system call answered: 0 or an errno.
struct Answer {
  bool tried;
  int32_t error;
};

constexpr size_t kNameSize = 16;  // TASK_COMM_LEN

struct Ancestor {
  int32_t pid;
  char name[kNameSize];
};

constexpr int kMaxAncestors = 32;

// What else matters where access was not granted.
struct CloserLook {
  bool taken;  // false: access was granted, or /proc does not show this PID namespace
  Details target;
  ProcessFacts self;  // the tracer
  Details self_details;
  int32_t ancestor_count;
  Ancestor ancestors[kMaxAncestors];  // of the target: its parent first
};

// The ways to ask the kernel whether PTRACE_MODE_ATTACH access would be granted. A set of them says
// which ones work here at all.
enum Oracle : uint32_t {
  kPidfdGetfdOracle = 1,
  kVmReadOracle = 2,
  kProcMemOracle = 4,
  kReadOracle = 8,  // PTRACE_MODE_READ, for contrast
  kAllOracles = 15,
};

struct Examination {
  int32_t pid;          // as asked; 0: nothing was examined
  int32_t pidfd_error;  // of pidfd_open; ENOSYS where it was not asked for
  bool ended;           // it died while it was looked at
  bool proc_is_ours;
  Answer pidfd_getfd;
  Answer vm_read;
  Answer proc_mem;
  Answer read;
  ProcessFacts target;
  char tracer_name[kNameSize];  // of the target's tracer; empty where none can be seen
  CloserLook closer;
};

// Examines `pid` with the calling thread's rights, by the first of `oracles` that fits. Never
// stops, attaches to or signals it. Async-signal-safe.
void Examine(pid_t pid, uint32_t oracles, Examination* out);

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_EXAMINE_EXAMINE_H_
