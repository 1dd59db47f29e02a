#include "identity.h"

#include "family.h"
#include "sys.h"

namespace ptrace_probe {
namespace {

struct Capabilities {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3]{};
};

constexpr uint32_t kSysPtraceBit = 1U << CAP_SYS_PTRACE;

// Out of the effective and the permitted set. Every member of a family does the same: were the
// target's permitted set larger than the tracer's, the capability rule of ptrace would refuse what
// Yama allows (ptrace(2), "Ptrace access mode checking"). Losing a capability leaves the dumpable
// flag as it is.
bool DropSysPtrace() {
  Capabilities caps;
  if (::syscall(SYS_capget, &caps.header, caps.data) != 0) return false;
  if (((caps.data[0].effective | caps.data[0].permitted) & kSysPtraceBit) == 0) return true;
  caps.data[0].effective &= ~kSysPtraceBit;
  caps.data[0].permitted &= ~kSysPtraceBit;
  return ::syscall(SYS_capset, &caps.header, caps.data) == 0;
}

}  // namespace

bool BecomeUser(const User& user) {
  if (::syscall(SYS_setgroups, static_cast<size_t>(user.group_count), user.groups) != 0 ||
      ::syscall(SYS_setresgid, user.gid, user.gid, user.gid) != 0 ||
      ::syscall(SYS_setresuid, user.uid, user.uid, user.uid) != 0) {
    return false;
  }
  // setresuid drops the capabilities unless SECBIT_KEEP_CAPS or uid 0 say otherwise.
  Capabilities none;
  return ::syscall(SYS_capset, &none.header, none.data) == 0;
}

void TakeIdentity(Family* family) {
  if (family->identity_taken) return;
  SetupStep(family, Step::kIdentity);
  bool ok = true;
  switch (family->spec.identity) {
    case Identity::kCaller:
      break;
    case Identity::kUnprivileged:
    case Identity::kOwner:
      ok = DropSysPtrace();
      break;
    case Identity::kUser:
      ok = BecomeUser(*family->user);
      break;
  }
  if (!ok) SetupFailed(family, Step::kIdentity, errno);
  family->identity_taken = true;
}

void EnterUserNamespace(Family* family) {
  if (family->spec.identity != Identity::kOwner) return;
  SetupStep(family, Step::kUserNamespace);
  if (::syscall(SYS_unshare, CLONE_NEWUSER) != 0) {
    SetupFailed(family, Step::kUserNamespace, errno);
  }
}

}  // namespace ptrace_probe
