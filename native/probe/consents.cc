#include "probe/family.h"
#include "process/fault.h"
#include "process/sys.h"

namespace ptrace_probe {
namespace {

// Some live process that is neither the tracer nor an ancestor of it.
pid_t Bystander(Family* family) {
  const pid_t parent = family->self;
  const pid_t pid = ForkMember(family, kBystanderRole);
  if (pid != 0) return pid;
  // Only the target may hold it: the tracer sees by its end that the target is gone.
  sys::Close(family->ready[1]);
  Guard(family, parent);
  char byte;
  sys::Read(family->hold[0], &byte, 1);
  sys::Exit(0);
}

bool Name(unsigned long tracer) {
  return sys::Prctl(PR_SET_PTRACER, tracer) == 0;
}

// 0 and -1 are no processes to PR_SET_PTRACER: they stand for no tracer and for any.
bool NameProcess(pid_t pid) {
  if (sys::CanBeOurs(pid)) return Name(static_cast<unsigned long>(pid));
  errno = ESRCH;
  return false;
}

constexpr unsigned long kAny = ~0UL;  // PR_SET_PTRACER_ANY
constexpr unsigned long kNoTracer = 0;

bool Give(Family* family) {
  switch (family->spec.consent) {
    case Consent::kNone:
      return true;
    case Consent::kTracer:
      return NameProcess(family->board->members[kTracerRole]);
    case Consent::kAncestor:
      return NameProcess(family->supervisor);
    case Consent::kAny:
      return Name(kAny);
    case Consent::kRevoked:
      return Name(kAny) && Name(kNoTracer);
    case Consent::kUnrelated:
      return NameProcess(Bystander(family));
  }
  return false;
}

}  // namespace

void GiveConsent(Family* family) {
  SetupStep(family, Step::kConsent);
  if (!Give(family)) SetupFailed(family, Step::kConsent, errno);
  fault::At(fault::Point::kConsentGiven);
}

}  // namespace ptrace_probe
