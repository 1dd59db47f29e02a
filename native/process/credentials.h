#ifndef PTRACE_PROBE_PROCESS_CREDENTIALS_H_
#define PTRACE_PROBE_PROCESS_CREDENTIALS_H_

#include "probe/plan.h"

namespace ptrace_probe {

// The full switch: groups, all group and user ids, no capabilities. False leaves errno.
bool BecomeUser(const User& user);

// Takes on the capabilities that a program has which this process executes: a debugger is one.
void KeepCapabilitiesOfExec();

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_PROCESS_CREDENTIALS_H_
