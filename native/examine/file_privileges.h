// What the file of a program gives to the process that runs it, besides its mode bits.

#ifndef PTRACE_PROBE_EXAMINE_FILE_PRIVILEGES_H_
#define PTRACE_PROBE_EXAMINE_FILE_PRIVILEGES_H_

#include <stddef.h>
#include <stdint.h>

namespace ptrace_probe {

struct FilePrivileges {
  // The errno of what failed, or 0. A file without capabilities is no failure.
  int error = 0;
  // PR_GET_SECUREBITS of the calling thread, by which execve(2) treats root; 0 where it is refused.
  uint32_t securebits = 0;
  // The mount ignores set-uid bits and file capabilities (mount(8), nosuid).
  bool nosuid = false;
  // The extended attribute security.capability as the kernel gives it: a vfs_cap_data or
  // vfs_ns_cap_data of linux/capability.h. None: size 0.
  uint8_t capability[24] = {};
  size_t size = 0;
  // The extended attribute security.selinux: the file's context; empty where there is none.
  char label[256] = {};
};

FilePrivileges ReadFilePrivileges(const char* path);

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_EXAMINE_FILE_PRIVILEGES_H_
