#include "addon/arguments.h"

#include <limits>
#include <type_traits>

#include "addon/part_of.h"
#include "words/words.h"

namespace ptrace_probe {
namespace {

// A value's type is asked before it is converted, so that no conversion can run code or
// fail. Only getters and Proxies can throw. The first false ends the reading, so that nothing is
// asked of JavaScript while an exception is pending.

template <typename Number>
bool ReadNumber(Napi::Value value, Number least, Number most, Number* out) {
  if (!value.IsNumber()) return false;
  const double number = value.As<Napi::Number>().DoubleValue();
  // NaN is neither.
  const bool is_within =
      number >= static_cast<double>(least) && number <= static_cast<double>(most);
  if (!is_within || number != static_cast<double>(static_cast<int64_t>(number))) return false;
  *out = static_cast<Number>(number);
  return true;
}

// Milliseconds, or the number of a process.
bool Read(Napi::Value value, int32_t* out) {
  return ReadNumber(value, 1, std::numeric_limits<int32_t>::max(), out);
}

// An id. The largest number is none: to the kernel it means "leave this id as it is".
bool Read(Napi::Value value, uint32_t* out) {
  return ReadNumber(value, 0U, std::numeric_limits<uint32_t>::max() - 1, out);
}

bool Read(Napi::Value value, uint8_t* out) {
  return ReadNumber(value, uint8_t{0}, std::numeric_limits<uint8_t>::max(), out);
}

bool Read(Napi::Value value, bool* out) {
  if (!value.IsBoolean()) return false;
  *out = value.As<Napi::Boolean>().Value();
  return true;
}

// Not Utf8Value(), which would copy a string of any length, and end the process without memory.
bool ReadText(Napi::Value value, char* text, size_t size, size_t* length) {
  return value.IsString() &&
         napi_get_value_string_utf8(value.Env(), value, text, size, length) == napi_ok;
}

bool ReadWord(Napi::Value value, std::string_view words, size_t count, uint8_t* out) {
  // A character has up to four bytes. With room for one more, a word that is cut is still too long.
  char text[kLongestWord + 5];
  size_t length;
  if (!ReadText(value, text, sizeof text, &length)) return false;
  for (size_t i = 0; i < count; ++i) {
    if (PartOf(words, ' ', i) != std::string_view(text, length)) continue;
    *out = static_cast<uint8_t>(i);
    return true;
  }
  return false;
}

template <typename Enum, typename = std::enable_if_t<std::is_enum_v<Enum>>>
bool Read(Napi::Value value, Enum* out) {
  uint8_t number;
  if (!ReadWord(value, WordsOf<Enum>::kText, WordsOf<Enum>::kCount, &number)) return false;
  *out = static_cast<Enum>(number);
  return true;
}

Napi::Value Get(Napi::Value object, const char* name) {
  return object.IsObject() ? object.As<Napi::Object>().Get(name) : Napi::Value();
}

template <typename Field>
bool Read(Napi::Value object, const char* name, Field* out) {
  return Read(Get(object, name), out);
}

// The elements of an array. Something else that looks like one, such as a Proxy, is none.
class List {
 public:
  List(Napi::Value object, const char* name) : list_(Get(object, name)) {}

  bool ReadLength(uint32_t least, uint32_t most, uint32_t* out) const {
    if (!list_.IsArray()) return false;
    *out = list_.As<Napi::Array>().Length();
    return *out >= least && *out <= most;
  }

  Napi::Value operator[](uint32_t i) const { return list_.As<Napi::Array>().Get(i); }

 private:
  Napi::Value list_;
};

bool ReadFamily(Napi::Value value, FamilySpec* family) {
  const List methods(value, "methods");
  uint32_t count;
  if (!methods.ReadLength(1, kMaxMethods, &count)) return false;
  family->method_count = static_cast<uint8_t>(count);
  for (uint32_t i = 0; i < count; ++i) {
    if (!Read(methods[i], &family->methods[i])) return false;
  }
  return Read(value, "identity", &family->identity) && Read(value, "user", &family->user) &&
         Read(value, "consent", &family->consent) &&
         Read(value, "tracerParent", &family->tree.tracer_parent) &&
         Read(value, "targetParent", &family->tree.target_parent) &&
         Read(value, "middle", &family->tree.middle) &&
         Read(value, "tracerAdopts", &family->tree.tracer_adopts);
}

bool ReadUser(Napi::Value value, User* user) {
  const List groups(value, "groups");
  if (!groups.ReadLength(0, kMaxGroups, &user->group_count)) return false;
  for (uint32_t i = 0; i < user->group_count; ++i) {
    if (!Read(groups[i], &user->groups[i])) return false;
  }
  return Read(value, "uid", &user->uid) && Read(value, "gid", &user->gid);
}

bool ReadArena(Napi::Value plan, Arena* arena) {
  const List users(plan, "users");
  uint32_t user_count;
  if (!users.ReadLength(0, kMaxUsers, &user_count)) return false;
  for (uint32_t i = 0; i < user_count; ++i) {
    if (!ReadUser(users[i], &arena->users[i])) return false;
  }
  const List families(plan, "families");
  if (!families.ReadLength(0, kMaxFamilies, &arena->family_count)) return false;
  for (uint32_t i = 0; i < arena->family_count; ++i) {
    FamilySpec* family = &arena->families[i];
    if (!ReadFamily(families[i], family)) return false;
    if (family->identity == Identity::kUser && family->user >= user_count) return false;
  }
  return Read(plan, "deadlineMs", &arena->deadline_ms) &&
         Read(plan, "attemptMs", &arena->attempt_ms);
}

bool ReadOracles(Napi::Value value, uint32_t* out) {
  return ReadNumber(value, uint32_t{0}, uint32_t{kAllOracles}, out);
}

bool ReadRuns(const List& tracers, const List& pids, Examiner* examiner) {
  ExamineRequest* request = examiner->request();
  for (uint32_t i = 0; i < request->tracer_count; ++i) {
    const Napi::Value value = tracers[i];
    Tracer* tracer = &request->runs[i].tracer;
    if (!Read(value, "tracer", tracer) || (i > 0 && *tracer != Tracer::kStranger) ||
        (*tracer == Tracer::kUser && !ReadUser(Get(value, "user"), &request->user))) {
      return false;
    }
    for (uint32_t j = 0; j < request->count; ++j) {
      if (!Read(pids[j], &examiner->results(i)[j].process.pid)) return false;
    }
  }
  return true;
}

std::unique_ptr<Examiner> TryReadRequest(Napi::Value argument) {
  const List tracers(argument, "tracers");
  uint32_t tracer_count;
  if (!tracers.ReadLength(1, kMaxTracers, &tracer_count)) return nullptr;
  const List pids(argument, "pids");
  uint32_t count;
  if (!pids.ReadLength(0, kMaxTargets, &count)) return nullptr;
  auto examiner = std::make_unique<Examiner>(tracer_count, count);
  ExamineRequest* request = examiner->request();
  if (request == nullptr) return examiner;
  const bool ok = ReadRuns(tracers, pids, examiner.get()) &&
                  Read(argument, "clearsAmbient", &request->clears_ambient) &&
                  ReadOracles(Get(argument, "oracles"), &request->oracles) &&
                  Read(argument, "deadlineMs", &request->deadline_ms);
  return ok ? std::move(examiner) : nullptr;
}

// The one place that throws. What a getter has thrown is more to the point.
void Refuse(Napi::Env env, const char* message) {
  if (!env.IsExceptionPending()) {
    Napi::TypeError::New(env, message).ThrowAsJavaScriptException();
  }
}

}  // namespace

std::unique_ptr<Measurement> ReadPlan(Napi::Value argument) {
  auto measurement = std::make_unique<Measurement>();
  Arena* arena = measurement->arena();
  // Without memory Start() fails, and says so.
  if (arena == nullptr || ReadArena(argument, arena)) return measurement;
  Refuse(argument.Env(), "malformed plan");
  return nullptr;
}

std::unique_ptr<Examiner> ReadRequest(Napi::Value argument) {
  auto examiner = TryReadRequest(argument);
  if (examiner == nullptr) Refuse(argument.Env(), "malformed request");
  return examiner;
}

bool ReadQuestion(const Napi::CallbackInfo& info, pid_t* pid, uint32_t* oracles) {
  const bool ok = Read(info[0], pid) && ReadOracles(info[1], oracles);
  if (!ok) Refuse(info.Env(), "malformed question");
  return ok;
}

bool ReadString(Napi::Value argument, char* text, size_t size) {
  size_t length;
  const bool ok =
      ReadText(argument, text, size, &length) && std::string_view(text).size() == length;
  if (!ok) Refuse(argument.Env(), "expected a string without a NUL");
  return ok;
}

}  // namespace ptrace_probe
