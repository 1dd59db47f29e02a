#ifndef PTRACE_PROBE_EXAMINE_VFORK_H_
#define PTRACE_PROBE_EXAMINE_VFORK_H_

#include <sys/types.h>

namespace ptrace_probe {

// Whether a thread in that state waits for a child of vfork(2), or of what does the same, until
// that executes a program or ends. Such a wait ends for SIGKILL only: an attach is granted, and
// its stop does not come before. It takes the permission to attach. Async-signal-safe.
bool IsInVfork(pid_t tid, char state);

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_EXAMINE_VFORK_H_
