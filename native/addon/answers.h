// From the plain data that the engine works on to JavaScript's values.

#ifndef PTRACE_PROBE_ADDON_ANSWERS_H_
#define PTRACE_PROBE_ADDON_ANSWERS_H_

#include <napi.h>

#include "examine/examiner.h"
#include "examine/file_privileges.h"
#include "probe/measurement.h"

namespace ptrace_probe {

Napi::Value ToJs(Napi::Env env, const Measurement& measurement);
Napi::Value ToJs(Napi::Env env, const Examiner& examiner);
Napi::Value ToJs(Napi::Env env, const ProcessExamination& found);
Napi::Value ToJs(Napi::Env env, const FilePrivileges& privileges);
Napi::Value ToJs(Napi::Env env, const User& user);

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_ADDON_ANSWERS_H_
