// From JavaScript values to the engine's plain data and back: names in, numbers out.

#ifndef PTRACE_PROBE_CONVERT_H_
#define PTRACE_PROBE_CONVERT_H_

// Our warnings are for our code.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#include <napi.h>
#pragma GCC diagnostic pop

#include <memory>

#include "engine.h"
#include "examiner.h"

namespace ptrace_probe {

// What a call was asked to do. Null: the argument is malformed, which is a mistake of lib/, and an
// exception has been thrown.
std::unique_ptr<Measurement> ReadPlan(const Napi::CallbackInfo& info);
std::unique_ptr<Examiner> ReadRequest(const Napi::CallbackInfo& info);

// What came of it.
Napi::Value Result(Napi::Env env, const Measurement& measurement);
Napi::Value Result(Napi::Env env, const Examiner& examiner);
Napi::Object ExaminationObject(Napi::Env env, const Examination& examination);

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_CONVERT_H_
