// What the processes do that are made to examine.

#ifndef PTRACE_PROBE_EXAMINE_EXAMINER_PROCESS_H_
#define PTRACE_PROBE_EXAMINE_EXAMINER_PROCESS_H_

#include "examine/examiner.h"
#include "process/child_process.h"

namespace ptrace_probe {

// What Node tells them.
struct Orders {
  ExamineRequest* request;
  Link link;
  pid_t node;
};

// The results of one run of a request.
ProcessExamination* ResultsOf(ExamineRequest* request, uint32_t run);

// The life of a child of Node. Nothing above `frame` on the stack is needed. Not inlined for the
// same reason as Supervise().
[[noreturn, gnu::noinline]] void ForkedMain(const Orders& given, const void* frame);

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_EXAMINE_EXAMINER_PROCESS_H_
