#ifndef PTRACE_PROBE_EXAMINE_EXAMINE_H_
#define PTRACE_PROBE_EXAMINE_EXAMINE_H_

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

namespace ptrace_probe {

// What the kernel tells about one process without anybody's being let near it. Plain data: a forked
// examiner fills it in where Node can read it.
struct ProcessFacts {
  int32_t stat_error;  // errno of /proc/PID/stat; 0 when it was read
  char name[64];
  char state;
  uint32_t flags;
  int32_t parent;
  int32_t threads;
  uint64_t start_time;  // in clock ticks since boot
  int32_t status_error;
  int32_t thread_group;
  int32_t tracer;
  uint32_t uids[3];  // real, effective, saved
  uint32_t gids[3];
  uint64_t cap_permitted;
  uint64_t cap_effective;
  // Read only of a process that access to was refused, and of the tracer beside it.
  bool detailed;
  int32_t owner_error;
  uint32_t directory_uid;  // of /proc/PID, which follows the effective uid
  uint32_t files_uid;      // of /proc/PID/stat, which follows the dumpable flag as well
  int32_t namespace_error;
  uint64_t user_namespace;  // its inode
  int32_t uid_map_error;    // the map can be read where the inode cannot
  char uid_map[128];
  int32_t projid_map_error;  // hardly anybody writes this one
  char projid_map[64];
  int32_t label_error;
  char label[256];
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

// The ways to ask the kernel whether PTRACE_MODE_ATTACH access would be granted. A set of them says
// which ones work here at all.
enum Oracle : uint32_t {
  kPidfdGetfdOracle = 1,
  kVmReadOracle = 2,
  kProcMemOracle = 4,
  kReadOracle = 8,  // PTRACE_MODE_READ, for contrast
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
  char tracer_name[kNameSize];  // of the target's; empty where there is none, or none to be seen
  ProcessFacts self;
  int32_t ancestor_count;
  Ancestor ancestors[kMaxAncestors];  // of the target: its parent first
};

// Examines `pid` with the calling thread's rights, by the first of `oracles` that fits. Never
// stops, attaches to or signals it. Async-signal-safe.
void Examine(pid_t pid, uint32_t oracles, Examination* out);

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_EXAMINE_EXAMINE_H_
