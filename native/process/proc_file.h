// Small readings of /proc without libc's streams: async-signal-safe.

#ifndef PTRACE_PROBE_PROCESS_PROC_FILE_H_
#define PTRACE_PROBE_PROCESS_PROC_FILE_H_

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

namespace ptrace_probe {

// "/proc/PID" followed by `file`, which begins with a slash or is empty.
class ProcPath {
 public:
  ProcPath(pid_t pid, const char* file);
  const char* c_str() const { return text_; }

 private:
  char text_[64];
};

// Reads up to `size - 1` bytes and ends them with a NUL; answers the errno, or 0.
int ReadProcFile(pid_t pid, const char* file, char* text, size_t size);
int ReadFile(const char* path, char* text, size_t size);

// The same of a file that may be longer than any buffer: it is read to its end, and of each line
// only the beginning is kept. /proc/PID/status has a line with all supplementary groups, up to
// 65,536 of them.
int ReadProcLines(pid_t pid, const char* file, char* text, size_t size);

// Whether /proc shows the PID namespace that this process lives in.
bool ProcIsOurs();

// Whether /proc shows that `pid` has ended or is about to: its memory may be gone already, and the
// kernel then refuses access to it. False where /proc does not show it.
bool IsExiting(pid_t pid);

// The text behind the line that begins with `field`, or null (proc_pid_status(5)).
const char* FieldOf(const char* text, const char* field);

// The number at `*text`, in `base`; moves `*text` behind it.
uint64_t NumberAt(const char** text, unsigned base);

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_PROCESS_PROC_FILE_H_
