// JavaScript's values, by plain Node-API.
//
// Nobody has to look after each step. Where Node-API refuses, because a value is of another type,
// an exception is pending or a Worker is being terminated, the answer is no value or false, and
// Node-API refuses whatever is asked of no value, too.

#ifndef PTRACE_PROBE_ADDON_VALUES_H_
#define PTRACE_PROBE_ADDON_VALUES_H_

#include <node_api.h>
#include <stddef.h>
#include <stdint.h>

namespace ptrace_probe {

// The value is null if nothing was asked for or could be had.
struct Value {
  operator napi_value() const { return value; }

  napi_env env;
  napi_value value;
};

Value Get(Value object, const char* name);
Value At(Value array, uint32_t index);
// False: no array.
bool ReadLength(Value array, uint32_t* length);
// As JavaScript converts it: ToInt32, whose bits are those of ToUint32, and ToBoolean.
bool ReadNumber(Value value, int32_t* number);
bool ReadBoolean(Value value, bool* truth);
// A string, cut where a character would not fit.
bool ReadText(Value value, char* text, size_t size, size_t* length);

void Set(Value object, const char* name, napi_value value);
void SetAt(Value array, uint32_t index, napi_value value);

Value Object(napi_env env);
Value Array(napi_env env, uint32_t length);
Value Number(napi_env env, double number);
Value Boolean(napi_env env, bool truth);
Value BigInt(napi_env env, uint64_t number);
Value String(napi_env env, const char* text, size_t length = NAPI_AUTO_LENGTH);
Value Null(napi_env env);

// An array of what `element` makes of each index.
template <typename Element>
Value List(napi_env env, uint32_t length, Element element) {
  const Value list = Array(env, length);
  for (uint32_t i = 0; i < length; ++i) SetAt(list, i, element(i));
  return list;
}

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_ADDON_VALUES_H_
