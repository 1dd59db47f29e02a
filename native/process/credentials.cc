#include "process/credentials.h"

#include <initializer_list>

#include "process/sys.h"

namespace ptrace_probe {
namespace {

struct Capabilities {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3]{};
};

constexpr long kSecureNoRoot = 1;  // SECBIT_NOROOT

// The last capability of Linux 3.16: every kernel that runs Node knows it.
constexpr unsigned long kKnownEverywhere = CAP_AUDIT_READ;

// The capabilities for which `asked` answers 1. False leaves errno: a filter has answered.
bool CapabilitiesThat(long (*asked)(unsigned long capability), uint64_t* set) {
  *set = 0;
  for (unsigned long n = 0; n < 64; ++n) {
    const long answer = asked(n);
    // Past the last one of this kernel.
    if (answer < 0 && errno == EINVAL && n > kKnownEverywhere) break;
    if (answer < 0) return false;
    if (answer == 1) *set |= uint64_t{1} << n;
  }
  return true;
}

long IsBounding(unsigned long capability) {
  return sys::Prctl(PR_CAPBSET_READ, capability);
}

long IsAmbient(unsigned long capability) {
  return ::syscall(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability, 0L, 0L);
}

constexpr uint64_t Both(uint32_t low, uint32_t high) {
  return uint64_t{high} << 32 | low;
}

}  // namespace

bool KeepOnly(uint64_t kept) {
  Capabilities caps;
  if (::syscall(SYS_capget, &caps.header, caps.data) != 0) return false;
  bool changes = false;
  for (size_t i = 0; i < _LINUX_CAPABILITY_U32S_3; ++i) {
    const auto mask = static_cast<uint32_t>(kept >> (32 * i));
    for (uint32_t* set :
         {&caps.data[i].effective, &caps.data[i].permitted, &caps.data[i].inheritable}) {
      changes |= (*set & ~mask) != 0;
      *set &= mask;
    }
  }
  return !changes || ::syscall(SYS_capset, &caps.header, caps.data) == 0;
}

// "Transformation of capabilities during execve()" and "Capabilities and execution of programs by
// root", capabilities(7). What its file would give it cannot be had before it is executed.
bool KeepCapabilitiesOfExec(bool clears_ambient) {
  Capabilities caps;
  uid_t real, effective, saved;
  if (::syscall(SYS_capget, &caps.header, caps.data) != 0 ||
      ::syscall(SYS_getresuid, &real, &effective, &saved) != 0) {
    return false;
  }
  const uint64_t before = Both(caps.data[0].permitted, caps.data[1].permitted);
  if (before == 0) return true;
  const long securebits = sys::Prctl(PR_GET_SECUREBITS, 0);
  if (securebits < 0) return false;
  const bool is_root = (real == 0 || effective == 0) && (securebits & kSecureNoRoot) == 0;
  const bool raises_all = is_root && effective == 0;
  uint64_t ambient = 0;
  uint64_t bounding = 0;
  if (!raises_all && !clears_ambient && !CapabilitiesThat(&IsAmbient, &ambient)) return false;
  if (is_root && !CapabilitiesThat(&IsBounding, &bounding)) return false;
  const uint64_t inheritable = Both(caps.data[0].inheritable, caps.data[1].inheritable);
  const uint64_t permitted = before & (is_root ? inheritable | bounding : ambient);
  const uint64_t raised = raises_all ? permitted : permitted & ambient;
  for (size_t i = 0; i < _LINUX_CAPABILITY_U32S_3; ++i) {
    caps.data[i].permitted = static_cast<uint32_t>(permitted >> (32 * i));
    caps.data[i].effective = static_cast<uint32_t>(raised >> (32 * i));
  }
  return ::syscall(SYS_capset, &caps.header, caps.data) == 0;
}

bool BecomeUser(const User& user) {
  if (::syscall(SYS_setgroups, static_cast<size_t>(user.group_count), user.groups) != 0 ||
      ::syscall(SYS_setresgid, user.gid, user.gid, user.gid) != 0 ||
      ::syscall(SYS_setresuid, user.uid, user.uid, user.uid) != 0) {
    return false;
  }
  if (user.uid == 0) return KeepCapabilitiesOfExec(/*clears_ambient=*/false);
  // setresuid drops the capabilities unless SECBIT_KEEP_CAPS or uid 0 say otherwise.
  Capabilities none;
  return ::syscall(SYS_capset, &none.header, none.data) == 0;
}

}  // namespace ptrace_probe
