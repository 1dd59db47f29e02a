#ifndef PTRACE_PROBE_EXAMINE_EXAMINER_H_
#define PTRACE_PROBE_EXAMINE_EXAMINER_H_

#include <stddef.h>

#include "examine/examine.h"
#include "process/credentials.h"
#include "words/words.h"

namespace ptrace_probe {

// A child, and a stranger that it leaves behind.
constexpr uint32_t kMaxTracers = 2;
// Of one request; more than lib/attach/survey.ts asks for at a time.
constexpr uint32_t kMaxTargets = 4096;

// One tracer of a request, and how far it came.
struct TracerRun {
  Tracer tracer;
  int32_t pid;      // of a stranger
  int32_t error;    // why it did not begin: an errno, or 0
  bool is_related;  // the stranger was adopted by this very process, so it is none
  uint32_t done;    // results that are complete
};

struct ExamineRequest {
  uint32_t tracer_count;
  TracerRun runs[kMaxTracers];  // a child comes first
  User user;
  bool clears_ambient;  // a child keeps no ambient capabilities
  uint32_t oracles;
  int32_t deadline_ms;  // of each
  uint32_t count;       // of targets
  size_t size;          // of this memory, with the results that follow it
};

// Has another process examine targets. Start() forks and must run on the thread whose credentials
// are in question; Wait() may run on any thread of the process.
class Examiner {
 public:
  // request() is null when there is not enough memory for the answers.
  Examiner(uint32_t tracer_count, uint32_t count);
  ~Examiner();
  Examiner(const Examiner&) = delete;
  Examiner& operator=(const Examiner&) = delete;

  ExamineRequest* request() const { return request_; }
  // Of one run: the PIDs to examine go in, what was found comes out.
  ProcessExamination* results(uint32_t run) const;

  bool Start();
  void Wait();
  void Cancel();
  const char* failed_call() const { return failed_call_; }
  int error() const { return error_; }

 private:
  bool Fail(const char* call);
  void EndChild(int64_t limit_ms);
  bool AwaitChild(int64_t limit_ms);
  bool HasChildEnded();
  bool EndStranger(pid_t stranger, int64_t limit_ms);

  ExamineRequest* request_ = nullptr;
  pid_t child_ = -1;  // it leads a process group
  bool is_reaped_ = false;
  int go_ = -1;
  int done_ = -1;
  const char* failed_call_ = nullptr;
  int error_ = 0;
};

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_EXAMINE_EXAMINER_H_
