#include "addon/convert.h"

#include <iterator>
#include <string_view>

namespace ptrace_probe {
namespace {

// In place, too; the longest one is control-pidfd-getfd.
using Word = char[20];

// Each list in the order of its enum in plan.h; lib/model/vocabulary.ts and lib/engine/engine.ts
// have the same.
constexpr Word kIdentities[] = {"caller", "unprivileged", "owner", "user"};
constexpr Word kConsents[] = {"none", "tracer", "ancestor", "any", "revoked", "unrelated"};
constexpr Word kMethods[] = {"attach",
                             "seize",
                             "traceme",
                             "vm-read",
                             "proc-mem",
                             "pidfd-getfd",
                             "read",
                             "control-yama",
                             "control-attach",
                             "control-seize",
                             "control-vm-read",
                             "control-proc-mem",
                             "control-pidfd-getfd",
                             "control-read",
                             "control-landlock"};
constexpr Word kParents[] = {"nobody", "supervisor", "tracer", "target"};
constexpr Word kMiddles[] = {"none", "lives", "exits"};
constexpr Word kTracers[] = {"child", "stranger", "user"};
constexpr Word kSteps[] = {"not-run",
                           "done",
                           "fork",
                           "guard",
                           "identity",
                           "unshare",
                           "dumpable",
                           "subreaper",
                           "adopted",
                           "consent",
                           "proc",
                           "open",
                           "try",
                           "traced",
                           "ended",
                           "wait",
                           "read",
                           "release",
                           "deadline"};

constexpr struct {
  const Word* words;
  size_t count;
} kVocabularies[] = {
    // In the order of Kind.
    {kIdentities, std::size(kIdentities)},
    {kConsents, std::size(kConsents)},
    {kMethods, std::size(kMethods)},
    {kParents, std::size(kParents)},
    {kMiddles, std::size(kMiddles)},
    {kTracers, std::size(kTracers)},
    {kSteps, std::size(kSteps)},
};

const auto& VocabularyOf(Kind kind) {
  return kVocabularies[static_cast<size_t>(kind) - static_cast<size_t>(Kind::kIdentity)];
}

bool ReadWord(Value value, Kind kind, uint8_t* data) {
  // So that what is cut is none of the words: a character is up to four bytes.
  char text[sizeof(Word) + 4];
  size_t length;
  if (!ReadText(value, text, sizeof text, &length)) return false;
  const auto& [words, count] = VocabularyOf(kind);
  for (size_t i = 0; i < count; ++i) {
    if (std::string_view(text, length) == words[i]) {
      *data = static_cast<uint8_t>(i);
      return true;
    }
  }
  return false;
}

template <typename T>
const T& As(const void* data) {
  return *static_cast<const T*>(data);
}

Value ValueOf(napi_env env, Kind kind, const void* data) {
  switch (kind) {
    case Kind::kUint8:
      return Number(env, As<uint8_t>(data));
    case Kind::kInt32:
      return Number(env, As<int32_t>(data));
    case Kind::kUint32:
      return Number(env, As<uint32_t>(data));
    case Kind::kUint64:
      return Number(env, static_cast<double>(As<uint64_t>(data)));
    case Kind::kBool:
      return Boolean(env, As<bool>(data));
    case Kind::kChar:
      return String(env, static_cast<const char*>(data), 1);
    case Kind::kText:
      return String(env, static_cast<const char*>(data));
    case Kind::kIds:
      return List(env, 3, [&](uint32_t i) { return Number(env, As<uint32_t[3]>(data)[i]); });
    case Kind::kAnswer:
      return As<Answer>(data).tried ? Number(env, As<Answer>(data).error) : Null(env);
    default:
      return String(env, VocabularyOf(kind).words[As<uint8_t>(data)]);
  }
}

}  // namespace

bool Read(Value value, Kind kind, void* data) {
  switch (kind) {
    case Kind::kUint8: {
      int32_t number;
      if (!ReadNumber(value, &number) || number < 0 || number > UINT8_MAX) return false;
      *static_cast<uint8_t*>(data) = static_cast<uint8_t>(number);
      return true;
    }
    case Kind::kInt32:
    case Kind::kUint32:
      return ReadNumber(value, static_cast<int32_t*>(data));
    case Kind::kBool:
      return ReadBoolean(value, static_cast<bool*>(data));
    case Kind::kUint64:
    case Kind::kChar:
    case Kind::kText:
    case Kind::kIds:
    case Kind::kAnswer:
      return false;  // these are only answered
    default:
      return ReadWord(value, kind, static_cast<uint8_t*>(data));
  }
}

bool ReadFields(Value object, const Field* fields, size_t count, void* data) {
  for (size_t i = 0; i < count; ++i) {
    const auto& [name, kind, offset] = fields[i];
    if (!Read(Get(object, name), kind, static_cast<char*>(data) + offset)) return false;
  }
  return true;
}

void SetFields(Value object, const Field* fields, size_t count, const void* data) {
  for (size_t i = 0; i < count; ++i) {
    const auto& [name, kind, offset] = fields[i];
    Set(object, name, ValueOf(object.env, kind, static_cast<const char*>(data) + offset));
  }
}

}  // namespace ptrace_probe
