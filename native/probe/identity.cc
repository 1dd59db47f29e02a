#include "probe/family.h"
#include "process/credentials.h"
#include "process/sys.h"

namespace ptrace_probe {

void TakeIdentity(Family* family) {
  if (family->identity_taken) return;
  SetupStep(family, Step::kIdentity);
  bool ok = true;
  switch (family->spec.identity) {
    case Identity::kCaller:
      break;
    case Identity::kUnprivileged:
    case Identity::kOwner:
      // Every member of the family does this. If only the tracer did, the target would have more
      // permitted capabilities than the tracer, and the capability rule of ptrace would refuse what
      // Yama allows (ptrace(2), "Ptrace access mode checking").
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
