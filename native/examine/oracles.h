// How to ask the kernel whether it would grant access.

#ifndef PTRACE_PROBE_EXAMINE_ORACLES_H_
#define PTRACE_PROBE_EXAMINE_ORACLES_H_

#include <stdint.h>
#include <sys/types.h>

#include "words/words.h"

namespace ptrace_probe {

// A set of oracles has a bit for each.
constexpr uint32_t kAllOracles = (1U << WordsOf<Oracle>::kCount) - 1;

constexpr bool Has(uint32_t oracles, Oracle oracle) {
  return (oracles >> static_cast<unsigned>(oracle) & 1U) != 0;
}

// How one system call answered: 0 or an errno.
struct Answer {
  bool tried;
  int32_t error;
};

struct Answers {
  Answer pidfd_getfd;
  Answer vm_read;
  Answer proc_mem;
  Answer read;
};

// Whom to ask about.
struct Subject {
  pid_t pid;
  int pidfd;  // of that process; -1: none is open
  bool proc_is_ours;
};

// Asks for ATTACH by the first oracle of the set that works here; true when access would be
// granted.
bool AskAttach(const Subject& subject, uint32_t oracles, Answers* out);
// Asks for READ.
Answer AskRead(pid_t pid);
// Whether one of the oracles said that ATTACH would be granted.
bool IsGranted(const Answers& answers);

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_EXAMINE_ORACLES_H_
