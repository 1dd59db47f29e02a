// What is found out about one process.

#ifndef PTRACE_PROBE_EXAMINE_EXAMINE_H_
#define PTRACE_PROBE_EXAMINE_EXAMINE_H_

#include "examine/facts.h"
#include "examine/oracles.h"

namespace ptrace_probe {

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

struct Examination {
  int32_t pid;          // as asked; 0: nothing was examined
  int32_t pidfd_error;  // of pidfd_open; ENOSYS where it was not asked for
  bool ended;           // it died while it was looked at
  bool proc_is_ours;
  Answers answers;
  ProcessFacts target;
  char tracer_name[kNameSize];  // of the target's tracer; empty where none can be seen
  CloserLook closer;
  bool in_vfork;  // it waits for a child of vfork(2); false where access was refused
};

// Of one process; what is beyond is not looked at.
constexpr int kMaxThreads = 4096;

// The threads of a process beside the first one. A debugger attaches to each of them as well.
// Credentials, a label and a tracer belong to a thread, not to a process.
struct Threads {
  bool taken;         // false: there are none, or what was asked about is one itself
  bool is_complete;   // every one of them was looked at
  int32_t looked_at;  // how many
  int32_t suspect;    // the first that may be refused although the first thread is not; 0: none
  int32_t unreaped;   // the first that has ended, which only its tracer keeps; 0: none
  int32_t in_vfork;   // the first that waits for a child of vfork(2); 0: none
  bool is_waiting;    // those that live are all in a sleep that no signal but SIGKILL ends
};

// What was found about a process and its threads.
struct ProcessExamination {
  Examination process;
  Threads threads;
  Examination suspect;  // of that thread, if there is one
};

// Examines `pid` with the calling thread's rights, by the first of `oracles` that fits. Never
// stops, attaches to or signals it. Async-signal-safe.
void Examine(pid_t pid, uint32_t oracles, ProcessExamination* out);

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_EXAMINE_EXAMINE_H_
