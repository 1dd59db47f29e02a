// From JavaScript values to the engine's plain data and back: names in, numbers out.
//
// An object is a table of its fields, and a field is a name and a place in a struct. The type that
// the struct has there says how the two become one another.

#ifndef PTRACE_PROBE_ADDON_CONVERT_H_
#define PTRACE_PROBE_ADDON_CONVERT_H_

#include "addon/values.h"
#include "examine/examiner.h"
#include "probe/plan.h"

namespace ptrace_probe {

enum class Kind : uint8_t {
  kUint8,   // number
  kInt32,   // number
  kUint32,  // number
  kUint64,  // number
  kBool,    // boolean
  kChar,    // string of one character
  kText,    // string that a NUL ends
  kIds,     // array of numbers: real, effective, saved
  kAnswer,  // number; null: not asked
  // Words of a closed vocabulary. An unknown one is a mistake of lib/, not of a user.
  kIdentity,
  kConsent,
  kMethod,
  kParent,
  kMiddle,
  kTracer,
  kStep,
};

template <typename T>
constexpr Kind kKindOf = T::kNoSuchKind;
template <>
constexpr Kind kKindOf<uint8_t> = Kind::kUint8;
template <>
constexpr Kind kKindOf<int32_t> = Kind::kInt32;
template <>
constexpr Kind kKindOf<uint32_t> = Kind::kUint32;
template <>
constexpr Kind kKindOf<uint64_t> = Kind::kUint64;
template <>
constexpr Kind kKindOf<bool> = Kind::kBool;
template <>
constexpr Kind kKindOf<char> = Kind::kChar;
template <size_t kSize>
constexpr Kind kKindOf<char[kSize]> = Kind::kText;
template <>
constexpr Kind kKindOf<uint32_t[3]> = Kind::kIds;
template <>
constexpr Kind kKindOf<Answer> = Kind::kAnswer;
template <>
constexpr Kind kKindOf<Identity> = Kind::kIdentity;
template <>
constexpr Kind kKindOf<Consent> = Kind::kConsent;
template <>
constexpr Kind kKindOf<Method> = Kind::kMethod;
template <>
constexpr Kind kKindOf<Parent> = Kind::kParent;
template <>
constexpr Kind kKindOf<Middle> = Kind::kMiddle;
template <>
constexpr Kind kKindOf<Tracer> = Kind::kTracer;
template <>
constexpr Kind kKindOf<Step> = Kind::kStep;

struct Field {
  char name[15];  // in place: pointers would have to be relocated when the addon is loaded
  Kind kind;
  uint16_t offset;
};

#define FIELD(name, type, member) \
  { name, kKindOf<decltype(type::member)>, offsetof(type, member) }

// False: the value is of another type, or no word of its vocabulary.
bool Read(Value value, Kind kind, void* data);
bool ReadFields(Value object, const Field* fields, size_t count, void* data);
void SetFields(Value object, const Field* fields, size_t count, const void* data);

template <typename T>
bool Read(Value value, T* data) {
  return Read(value, kKindOf<T>, data);
}

template <size_t kCount, typename Struct>
bool ReadFields(Value object, const Field (&fields)[kCount], Struct* data) {
  return ReadFields(object, fields, kCount, data);
}

template <size_t kCount, typename Struct>
void SetFields(Value object, const Field (&fields)[kCount], const Struct& data) {
  SetFields(object, fields, kCount, &data);
}

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_ADDON_CONVERT_H_
