#ifndef PTRACE_PROBE_PROBE_SUPERVISOR_H_
#define PTRACE_PROBE_PROBE_SUPERVISOR_H_

#include "probe/plan.h"
#include "process/child_process.h"

namespace ptrace_probe {

// The life of the one process that Node forks: runs every family of the plan, one after another,
// and leaves nothing behind. `self` is its number. The pipe to it ends when Node dies or no longer
// wants the answer; the pipe from it ends when this process and every member is gone. Nothing above
// `frame` on the stack is needed. Must not be inlined: on arm64 the caller's variables lie above
// its frame address and would be wiped.
[[noreturn, gnu::noinline]] void Supervise(Arena* arena, pid_t self, Link link, const void* frame);

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_PROBE_SUPERVISOR_H_
