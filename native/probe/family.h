#ifndef PTRACE_PROBE_PROBE_FAMILY_H_
#define PTRACE_PROBE_PROBE_FAMILY_H_

#include "probe/plan.h"

namespace ptrace_probe {

// What a member of a family knows. Every fork copies it.
struct Family {
  Board* board;
  FamilySpec spec;
  const User* user;   // for Identity::kUser
  bool proc_is_ours;  // /proc shows the PID namespace that the family lives in
  int first_method;   // where to go on after a member died in a method
  pid_t supervisor;
  pid_t self;  // this member's own number
  Role role;
  bool identity_taken;
  int foreign_ptrace;  // what answers ptrace(2) in the kernel's place, by its errno; 0: nothing
  // Pipes. Each has one writer, so that its end tells the readers that the writer is gone.
  int hold[2];     // supervisor to all members: targets block on it
  int done[2];     // tracer to supervisor: ends with the tracer
  int ready[2];    // target to tracer: "I am set up"
  int adopted[2];  // tracer to target: "your first parent is dead"
};

// Records where this member is before the first attempt, so that a death there can be explained.
inline void SetupStep(Family* family, Step step) {
  family->board->setup[family->role] = {step, true, 0, 0};
}

// The step failed: record why and leave.
[[noreturn]] void SetupFailed(Family* family, Step step, int error);

// Makes this process die with its parent, which must still be `parent`.
void Guard(Family* family, pid_t parent);

// Forks a member in `role`; returns its PID here and 0 there. Does not return when that fails.
pid_t ForkMember(Family* family, Role role);

// The first thing that a new member does; `self` is the number that its fork gave it.
void EnterRole(Family* family, Role role, pid_t self);

// Takes the identity of FamilySpec::identity (identity.cc).
void TakeIdentity(Family* family);
// Enters a new user namespace where the identity is a namespace's owner (identity.cc).
void EnterUserNamespace(Family* family);
// Calls PR_SET_PTRACER as FamilySpec::consent says (consents.cc).
void GiveConsent(Family* family);

// The members' lives (members.cc).
[[noreturn]] void TracerMain(Family* family, pid_t parent);
[[noreturn]] void TargetMain(Family* family, pid_t parent);

// Whether the method is a request of ptrace(2) (methods.cc).
bool UsesPtrace(Method method);
// Tries `method` on `target` (0 for controls) and records every step in `outcome` (methods.cc).
void Try(Family* family, Method method, pid_t target, Outcome* outcome);
// The target's half of PTRACE_TRACEME: ask, then stop for the tracer to see (methods.cc).
void TargetTraceme(Family* family, Outcome* outcome);
// The target puts into its memory what only it can have there (methods.cc).
void BecomeReadable(const Family* family);

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_PROBE_FAMILY_H_
