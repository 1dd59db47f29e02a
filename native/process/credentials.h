// Who a process is to the kernel: its ids, groups and capabilities.

#ifndef PTRACE_PROBE_PROCESS_CREDENTIALS_H_
#define PTRACE_PROBE_PROCESS_CREDENTIALS_H_

#include <stdint.h>
#include <sys/types.h>

namespace ptrace_probe {

constexpr int kMaxGroups = 1024;

// The ids that a login of a user gets.
struct User {
  uid_t uid;
  gid_t gid;
  uint32_t group_count;
  gid_t groups[kMaxGroups];
};

// The full switch: groups, all group and user ids, no capabilities. False leaves errno.
bool BecomeUser(const User& user);

// Removes CAP_SYS_PTRACE from the effective and the permitted set. The dumpable flag stays as it
// is. False leaves errno.
bool DropSysPtrace();

// Reduces the capabilities of this process to those that it would keep if it executed a program:
// a debugger is one.
void KeepCapabilitiesOfExec();

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_PROCESS_CREDENTIALS_H_
