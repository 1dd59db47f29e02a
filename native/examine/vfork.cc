#include "examine/vfork.h"

#include <sched.h>

#include "process/proc_file.h"
#include "process/sys.h"

namespace ptrace_probe {

// proc_pid_syscall(5): the number of the call that a thread sleeps in, and its arguments. Those of
// clone3(2) are in the memory of the thread, but nothing else in it waits in this state for long.
bool IsInVfork(pid_t tid, char state) {
  constexpr uint64_t kClone3 = 435;  // on every processor (asm-generic/unistd.h)
  char text[256];
  if (state != 'D' || ReadProcFile(tid, "/syscall", text, sizeof text) != 0) return false;
  if (*text < '0' || *text > '9') return false;
  const char* at = text;
  const uint64_t number = NumberAt(&at, 10);
#ifdef __NR_vfork
  if (number == __NR_vfork) return true;
#endif
  if (number == kClone3) return true;
  constexpr int kHexPrefix = 3;  // " 0x"
  for (int i = 0; i < kHexPrefix; ++i) {
    if (*at++ == '\0') return false;
  }
  return number == SYS_clone && (NumberAt(&at, 16) & CLONE_VFORK) != 0;
}

}  // namespace ptrace_probe
