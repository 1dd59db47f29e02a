#ifndef PTRACE_PROBE_PROBE_FAMILY_RUN_H_
#define PTRACE_PROBE_PROBE_FAMILY_RUN_H_

#include "probe/family.h"

namespace ptrace_probe {

// Forks one family, which goes from its first method on as far as it comes, and leaves none of its
// members behind. Returns the index of the method to go on with. `subreaper_error` is 0 if orphans
// come back to this process, else the errno of what keeps them from it.
int RunFamily(Family* family, int subreaper_error, int64_t limit_ms, Outcome* outcomes);

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_PROBE_FAMILY_RUN_H_
