#include "addon/values.h"

namespace ptrace_probe {

Value Get(Value object, const char* name) {
  napi_value value = nullptr;
  napi_get_named_property(object.env, object, name, &value);
  return {object.env, value};
}

Value At(Value array, uint32_t index) {
  napi_value value = nullptr;
  napi_get_element(array.env, array, index, &value);
  return {array.env, value};
}

bool ReadLength(Value array, uint32_t* length) {
  return napi_get_array_length(array.env, array, length) == napi_ok;
}

bool ReadNumber(Value value, int32_t* number) {
  napi_value converted = nullptr;
  napi_coerce_to_number(value.env, value, &converted);
  return napi_get_value_int32(value.env, converted, number) == napi_ok;
}

bool ReadBoolean(Value value, bool* truth) {
  napi_value converted = nullptr;
  napi_coerce_to_bool(value.env, value, &converted);
  return napi_get_value_bool(value.env, converted, truth) == napi_ok;
}

bool ReadText(Value value, char* text, size_t size, size_t* length) {
  return napi_get_value_string_utf8(value.env, value, text, size, length) == napi_ok;
}

void Set(Value object, const char* name, napi_value value) {
  napi_set_named_property(object.env, object, name, value);
}

void SetAt(Value array, uint32_t index, napi_value value) {
  napi_set_element(array.env, array, index, value);
}

Value Object(napi_env env) {
  napi_value value = nullptr;
  napi_create_object(env, &value);
  return {env, value};
}

Value Array(napi_env env, uint32_t length) {
  napi_value value = nullptr;
  napi_create_array_with_length(env, length, &value);
  return {env, value};
}

Value Number(napi_env env, double number) {
  napi_value value = nullptr;
  napi_create_double(env, number, &value);
  return {env, value};
}

Value Boolean(napi_env env, bool truth) {
  napi_value value = nullptr;
  napi_get_boolean(env, truth, &value);
  return {env, value};
}

Value BigInt(napi_env env, uint64_t number) {
  napi_value value = nullptr;
  napi_create_bigint_uint64(env, number, &value);
  return {env, value};
}

Value String(napi_env env, const char* text, size_t length) {
  napi_value value = nullptr;
  napi_create_string_utf8(env, text, length, &value);
  return {env, value};
}

Value Null(napi_env env) {
  napi_value value = nullptr;
  napi_get_null(env, &value);
  return {env, value};
}

}  // namespace ptrace_probe
