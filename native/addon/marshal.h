// From JavaScript's values to the plain data that the engine works on, and back.

#ifndef PTRACE_PROBE_ADDON_MARSHAL_H_
#define PTRACE_PROBE_ADDON_MARSHAL_H_

#include <napi.h>

#include <memory>

#include "examine/examiner.h"
#include "examine/file_privileges.h"
#include "probe/measurement.h"

namespace ptrace_probe {

// What a call was asked to do. Null or false: an argument is malformed, which is a mistake of lib/,
// and an exception is pending.
std::unique_ptr<Measurement> ReadPlan(Napi::Value argument);
std::unique_ptr<Examiner> ReadRequest(Napi::Value argument);
bool ReadQuestion(const Napi::CallbackInfo& info, pid_t* pid, uint32_t* oracles);
// A string without a NUL in it. It is cut where a character would not fit.
bool ReadString(Napi::Value argument, char* text, size_t size);

// What came of it.
Napi::Value ToJs(Napi::Env env, const Measurement& measurement);
Napi::Value ToJs(Napi::Env env, const Examiner& examiner);
Napi::Value ToJs(Napi::Env env, const Examination& examination);
Napi::Value ToJs(Napi::Env env, const FilePrivileges& privileges);
Napi::Value ToJs(Napi::Env env, const User& user);

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_ADDON_MARSHAL_H_
