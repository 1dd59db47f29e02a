// The controls. Each asks for something whose answer is known on an unconfined machine.

#ifndef PTRACE_PROBE_PROBE_CONTROLS_H_
#define PTRACE_PROBE_PROBE_CONTROLS_H_

#include "probe/family.h"

namespace ptrace_probe {

void ControlYama(Outcome* outcome);
// Of one of the two requests that attach. No process may trace itself: EPERM.
void ControlPtrace(const Family* family, long request, Outcome* outcome);
// Access to oneself is never refused (ptrace(2), "Ptrace access mode checking"), so what is left is
// the error of an address that no process may read, or of a descriptor that none has.
void ControlVmRead(const Family* family, Outcome* outcome);
void ControlProcMem(const Family* family, Outcome* outcome);
void ControlPidfdGetfd(const Family* family, Outcome* outcome);
// Counts the Landlock domains that this process is in.
void ControlLandlock(Outcome* outcome);

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_PROBE_CONTROLS_H_
