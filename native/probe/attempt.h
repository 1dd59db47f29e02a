// What methods and controls have in common. Each says in its Outcome which system call it is in, so
// that a process that a seccomp filter kills there has still answered.

#ifndef PTRACE_PROBE_PROBE_ATTEMPT_H_
#define PTRACE_PROBE_PROBE_ATTEMPT_H_

#include "probe/family.h"

namespace ptrace_probe {

void Begin(Outcome* outcome, Step step);
// Neither of these two makes `outcome` count: it is pending until Try() has looked at the target
// once more. A process that dies before that has not answered.
void End(Outcome* outcome, Step step, int error);
// Ends `outcome` with what the system call whose result is `result` answered.
void Answer(Outcome* outcome, long result);

// Returns a pidfd, or -1 when that ended the attempt.
int OpenPidfd(pid_t target, Outcome* outcome);
// Takes a copy of a descriptor of another process and closes it again; the result of the call.
long TakeFd(int pidfd, int target_fd);

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_PROBE_ATTEMPT_H_
