#ifndef PTRACE_PROBE_PROBE_MEASUREMENT_H_
#define PTRACE_PROBE_PROBE_MEASUREMENT_H_

#include "probe/plan.h"

namespace ptrace_probe {

// One measurement, seen from Node's side. Knows processes and system calls, no scenario, no wording
// and no JavaScript.
//
// Start() forks and must run on the thread whose credentials are in question: they belong to
// threads. Wait() may run on any thread of the process. Cancel() makes Wait() return soon.
class Measurement {
 public:
  // arena() is null when there is no memory for it.
  Measurement();
  ~Measurement();
  Measurement(const Measurement&) = delete;
  Measurement& operator=(const Measurement&) = delete;

  Arena* arena() const { return arena_; }

  // False: nothing was started; failed_call() and error() say why.
  bool Start();
  // Blocks until the supervisor and its families are gone. Called once, after Start().
  void Wait();
  void Cancel();

  const char* failed_call() const { return failed_call_; }
  int error() const { return error_; }
  // From the fork to the end of the last process; 0 if the clock cannot be read.
  int64_t elapsed_us() const { return elapsed_us_; }
  // The supervisor's wait status; meaningful when the plan was not finished.
  int status() const { return status_; }

 private:
  bool Fail(const char* call);
  void Reap();

  Arena* arena_ = nullptr;
  pid_t supervisor_ = -1;
  int lifeline_ = -1;  // closing it ends the measurement
  int done_ = -1;
  const char* failed_call_ = nullptr;
  int error_ = 0;
  int64_t started_us_ = 0;
  int64_t elapsed_us_ = 0;
  int status_ = 0;
};

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_PROBE_MEASUREMENT_H_
