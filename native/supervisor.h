#ifndef PTRACE_PROBE_SUPERVISOR_H_
#define PTRACE_PROBE_SUPERVISOR_H_

#include "plan.h"

namespace ptrace_probe {

// The life of the one process that Node forks: runs every family of the plan, one after another,
// and leaves nothing behind. `lifeline` ends when Node dies or no longer wants the answer; `done`
// ends when this process and every member is gone. Nothing above `frame` on the stack is needed.
// Not inlined, whoever optimizes: on arm64 the variables of the frame's owner stand above it.
[[noreturn, gnu::noinline]] void Supervise(Arena* arena, int lifeline, int done, const void* frame);

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_SUPERVISOR_H_
