// What /proc shows of a process.

#ifndef PTRACE_PROBE_EXAMINE_FACTS_H_
#define PTRACE_PROBE_EXAMINE_FACTS_H_

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

namespace ptrace_probe {

// Each part says whether it could be read: `error` is an errno, and only where it is 0 do the other
// fields mean anything. Plain data: a forked examiner fills it in where Node can read it.

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
  char state;
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

void ReadStat(pid_t pid, Stat* stat);
void ReadStatus(pid_t pid, Status* status);
void ReadFacts(pid_t pid, ProcessFacts* facts);
void ReadDetails(pid_t pid, Details* details);

// Whether a process in this state has ended (proc_pid_stat(5)): it is a zombie, or on the way to
// one.
inline bool HasEndedState(char state) {
  return state == 'Z' || state == 'X';
}

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_EXAMINE_FACTS_H_
