// From JavaScript's values to the plain data that the engine works on.

#ifndef PTRACE_PROBE_ADDON_ARGUMENTS_H_
#define PTRACE_PROBE_ADDON_ARGUMENTS_H_

#include <napi.h>

#include <memory>

#include "examine/examiner.h"
#include "probe/measurement.h"

namespace ptrace_probe {

// What a call was asked to do. Null or false: an argument is malformed, which is a mistake of lib/,
// and an exception is pending.
std::unique_ptr<Measurement> ReadPlan(Napi::Value argument);
std::unique_ptr<Examiner> ReadRequest(Napi::Value argument);
bool ReadQuestion(const Napi::CallbackInfo& info, pid_t* pid, uint32_t* oracles);
// A string without a NUL in it. It is cut where a character would not fit.
bool ReadString(Napi::Value argument, char* text, size_t size);

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_ADDON_ARGUMENTS_H_
