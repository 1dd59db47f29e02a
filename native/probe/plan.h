// What Node and the supervisor tell each other: one piece of shared memory, laid out here.
//
// Plain data only. The supervisor and its families run between fork and _exit, where nothing may be
// allocated, so Node reserves everything before the fork and they fill it in.

#ifndef PTRACE_PROBE_PROBE_PLAN_H_
#define PTRACE_PROBE_PROBE_PLAN_H_

#include <stdint.h>
#include <sys/types.h>

#include "process/credentials.h"
#include "words/words.h"

namespace ptrace_probe {

// Who forks whom. Every relation of lib/model/relations.ts is one of these.
struct Tree {
  Parent tracer_parent;
  Parent target_parent;  // kNone: there is no target
  Middle middle;
  bool tracer_adopts;  // the tracer is a PR_SET_CHILD_SUBREAPER
};

struct Outcome {
  Step step;
  bool pending;    // a member is in this step right now; still set when it died there
  int32_t error;   // errno, or 0
  int32_t signal;  // the signal that ended the attempt, or 0
};

// Each of them once.
constexpr int kMaxMethods = WordsOf<Method>::kCount;

struct FamilySpec {
  Identity identity;
  uint8_t user;  // index into Arena::users, for Identity::kUser
  Tree tree;
  Consent consent;
  uint8_t method_count;
  Method methods[kMaxMethods];
};

constexpr int kMaxFamilies = 256;
constexpr int kMaxUsers = 8;

// The calling thread's own attributes, as the supervisor inherited them.
struct SelfFacts {
  bool dumpable;
  bool cap_effective;
  bool cap_permitted;
  bool cap_bounding;
};

// The members of the family at work, by role, so that the supervisor can end every one of them.
enum Role : uint8_t { kTracerRole, kTargetRole, kMiddleRole, kBystanderRole, kRoleCount };

// Node's and the supervisor's.
struct Arena {
  bool finished;  // the supervisor got to its end
  Outcome abort;  // why it gave up before the first family, if it did
  SelfFacts self;
  int32_t deadline_ms;  // for the whole measurement
  int32_t attempt_ms;   // for one family
  User users[kMaxUsers];
  uint32_t family_count;
  FamilySpec families[kMaxFamilies];
  Outcome outcomes[kMaxFamilies][kMaxMethods];
};

// The supervisor's and one family's at a time. The members may be another user's processes, so the
// supervisor believes nothing that it reads here.
struct Board {
  volatile pid_t members[kRoleCount];
  Outcome setup[kRoleCount];  // where each member is before the first attempt
  Outcome outcomes[kMaxMethods];
};

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_PROBE_PLAN_H_
