// Who a process is to the kernel: its ids, groups and capabilities.

#ifndef PTRACE_PROBE_PROCESS_CREDENTIALS_H_
#define PTRACE_PROBE_PROCESS_CREDENTIALS_H_

#include <linux/capability.h>
#include <stdint.h>
#include <sys/types.h>

namespace ptrace_probe {

constexpr int kMaxGroups = 65536;  // NGROUPS_MAX (limits.h)

// The ids that a login of a user gets.
struct User {
  uid_t uid;
  gid_t gid;
  uint32_t group_count;
  gid_t groups[kMaxGroups];
};

// The full switch, as a login does it: groups, all group and user ids, no capabilities. Only root
// has some: what this process and its bounding set leave. False leaves errno.
bool BecomeUser(const User& user);

constexpr uint64_t kSysPtrace = uint64_t{1} << CAP_SYS_PTRACE;

// Gives up every capability but those in `kept`, in all sets. The dumpable flag stays as it is.
// False leaves errno.
bool KeepOnly(uint64_t kept);

// Reduces the capabilities of this process to those that it would keep if it executed a program:
// a debugger is one. A program whose file has capabilities, or changes ids, clears the ambient set.
// False leaves errno: which those are is not known.
bool KeepCapabilitiesOfExec(bool clears_ambient);

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_PROCESS_CREDENTIALS_H_
