#include "probe/family.h"
#include "process/credentials.h"
#include "process/fault.h"
#include "process/sys.h"

namespace ptrace_probe {

void TakeIdentity(Family* family) {
  if (family->identity_taken) return;
  SetupStep(family, Step::kIdentity);
  bool ok = true;
  switch (family->spec.identity) {
    case Identity::kCaller:
      // Of all capabilities ptrace looks at this one alone, as long as a target has none that its
      // tracer lacks. What cannot be given up changes no answer.
      KeepOnly(kSysPtrace);
      break;
    case Identity::kUnprivileged:
      // Every member of the family does this. If only the tracer did, the target would have more
      // permitted capabilities than the tracer, and the capability rule of ptrace would refuse what
      // Yama allows (ptrace(2), "Ptrace access mode checking").
      ok = KeepOnly(0);
      break;
    case Identity::kOwner:
      // A user namespace may take CAP_SYS_ADMIN (Debian's kernel.unprivileged_userns_clone).
      ok = KeepOnly(~kSysPtrace);
      break;
    case Identity::kUser:
      ok = BecomeUser(*family->user);
      break;
  }
  if (!ok) SetupFailed(family, Step::kIdentity, errno);
  // No member executes a program, so that this only binds what takes a member over. A security
  // module may judge a new user namespace by it.
  if (family->spec.identity != Identity::kOwner) {
    ::syscall(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L);
  }
  family->identity_taken = true;
  fault::At(fault::Point::kIdentityTaken);
}

void EnterUserNamespace(Family* family) {
  if (family->spec.identity != Identity::kOwner) return;
  SetupStep(family, Step::kUnshare);
  if (::syscall(SYS_unshare, CLONE_NEWUSER) != 0) {
    SetupFailed(family, Step::kUnshare, errno);
  }
  fault::At(fault::Point::kNamespaceEntered);
}

}  // namespace ptrace_probe
