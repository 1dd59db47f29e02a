#ifndef PTRACE_PROBE_EXAMINE_THREADS_H_
#define PTRACE_PROBE_EXAMINE_THREADS_H_

#include "examine/examine.h"

namespace ptrace_probe {

// Looks for a thread of a process that may be refused although its first one is not. `first` is
// what was found about that one.
void LookAtThreads(uint32_t oracles, const Examination& first, Threads* out);

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_EXAMINE_THREADS_H_
