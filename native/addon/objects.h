// The objects that JavaScript hands over and gets.

#ifndef PTRACE_PROBE_ADDON_OBJECTS_H_
#define PTRACE_PROBE_ADDON_OBJECTS_H_

#include <memory>

#include "addon/values.h"
#include "examine/examiner.h"
#include "probe/measurement.h"

namespace ptrace_probe {

// What a call was asked to do. Null: the argument is malformed, which is a mistake of lib/, and an
// exception has been thrown.
std::unique_ptr<Measurement> ReadPlan(Value argument);
std::unique_ptr<Examiner> ReadRequest(Value argument);

// What came of it.
Value Result(napi_env env, const Measurement& measurement);
Value Result(napi_env env, const Examiner& examiner);
Value ExaminationObject(napi_env env, const Examination& examination);

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_ADDON_OBJECTS_H_
