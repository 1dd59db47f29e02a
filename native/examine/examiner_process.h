// What the processes do that are made to examine.

#ifndef PTRACE_PROBE_EXAMINE_EXAMINER_PROCESS_H_
#define PTRACE_PROBE_EXAMINE_EXAMINER_PROCESS_H_

#include "examine/examiner.h"
#include "process/child_process.h"

namespace ptrace_probe {

// What they are told by whoever makes them.
struct Orders {
  ExamineRequest* request;
  Link link;
  pid_t node;
  char* stranger_stack;  // its upper end; null where it gets a copy of this memory
};

// The results of one of a request's inquiries.
Examination* ResultsOf(ExamineRequest* request, uint32_t inquiry);

// Of a child of Node that has a copy of its memory. Nothing above `frame` on the stack is needed.
// Not inlined for the same reason as Supervise().
[[noreturn, gnu::noinline]] void ForkedMain(const Orders& given, const void* frame);

// Of one that shares Node's memory; `orders` are Orders. Returns when the process may end.
int SharingMain(void* orders);

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_EXAMINE_EXAMINER_PROCESS_H_
