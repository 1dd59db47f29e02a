// The addon's arguments, in Node itself: libFuzzer gives bytes, JavaScript makes values of them,
// and the addon's own code reads these. Nothing is forked.
//
// JavaScript gets run(options, make), where the first option is the command itself: `make` answers
// what to read and the value, [0, plan], [1, request], [2, pid, oracles] or [3, text].

#include <string.h>

#include "addon/answers.h"
#include "addon/arguments.h"
#include "words/words.h"

extern "C" int LLVMFuzzerRunDriver(int* argc,
                                   char*** argv,
                                   int (*run)(const uint8_t* data, size_t size));

namespace ptrace_probe {
namespace {

#define REQUIRE(condition) \
  if (!(condition)) __builtin_trap()

constexpr uint32_t kNoId = 0xffffffff;

template <typename Enum>
void RequireKnown(Enum value) {
  REQUIRE(static_cast<size_t>(value) < WordsOf<Enum>::kCount);
}

void RequireSane(const User& user) {
  REQUIRE(user.group_count <= kMaxGroups && user.uid != kNoId && user.gid != kNoId);
  for (uint32_t i = 0; i < user.group_count; ++i) REQUIRE(user.groups[i] != kNoId);
}

void RequireSane(const Arena& arena) {
  REQUIRE(arena.family_count <= kMaxFamilies);
  REQUIRE(arena.deadline_ms > 0 && arena.attempt_ms > 0);
  for (uint32_t i = 0; i < arena.family_count; ++i) {
    const FamilySpec& family = arena.families[i];
    RequireKnown(family.identity);
    RequireKnown(family.consent);
    RequireKnown(family.tree.tracer_parent);
    RequireKnown(family.tree.target_parent);
    RequireKnown(family.tree.middle);
    REQUIRE(family.method_count > 0 && family.method_count <= kMaxMethods);
    for (int j = 0; j < family.method_count; ++j) RequireKnown(family.methods[j]);
    if (family.identity != Identity::kUser) continue;
    REQUIRE(family.user < kMaxUsers);
    RequireSane(arena.users[family.user]);
  }
}

void RequireSane(const Examiner& examiner) {
  const ExamineRequest& request = *examiner.request();
  REQUIRE(request.tracer_count > 0 && request.tracer_count <= kMaxTracers);
  REQUIRE(request.count <= kMaxTargets && request.deadline_ms > 0);
  REQUIRE(request.oracles <= kAllOracles);
  for (uint32_t i = 0; i < request.tracer_count; ++i) {
    RequireKnown(request.runs[i].tracer);
    if (request.runs[i].tracer == Tracer::kUser) RequireSane(request.user);
    for (uint32_t j = 0; j < request.count; ++j) REQUIRE(examiner.results(i)[j].process.pid > 0);
  }
}

Napi::Env* env;
Napi::Function* make;

// A refusal is an exception, an answer is none; the exception of a getter stays what it is.
bool WasRefused() {
  if (!env->IsExceptionPending()) return false;
  env->GetAndClearPendingException();
  return true;
}

// What ReadQuestion() takes are the arguments of a call.
Napi::Value Question(const Napi::CallbackInfo& info) {
  pid_t pid = 0;
  uint32_t oracles = 0;
  const bool ok = ReadQuestion(info, &pid, &oracles);
  REQUIRE(!ok || (pid > 0 && oracles <= kAllOracles));
  REQUIRE(ok == !env->IsExceptionPending());
  return info.Env().Undefined();
}

void Read(uint32_t what, const Napi::Array& made) {
  const Napi::Value value = made.Get(1U);
  if (what == 0) {
    const auto plan = ReadPlan(value);
    REQUIRE(WasRefused() == (plan == nullptr));
    if (plan == nullptr) return;
    RequireSane(*plan->arena());
    REQUIRE(ToJs(*env, *plan).IsObject());
  } else if (what == 1) {
    const auto request = ReadRequest(value);
    REQUIRE(WasRefused() == (request == nullptr));
    if (request == nullptr) return;
    RequireSane(*request);
    REQUIRE(ToJs(*env, *request).IsObject());
  } else if (what == 2) {
    Napi::Function::New<Question>(*env).Call({value, made.Get(2U)});
    WasRefused();
  } else {
    char text[32];
    const bool ok = ReadString(value, text, sizeof text);
    REQUIRE(WasRefused() == !ok);
    REQUIRE(!ok || memchr(text, '\0', sizeof text) != nullptr);
  }
}

int Once(const uint8_t* data, size_t size) {
  const Napi::HandleScope scope(*env);
  const Napi::Value made = make->Call({Napi::Buffer<uint8_t>::Copy(*env, data, size)});
  REQUIRE(!env->IsExceptionPending() && made.IsArray());
  const Napi::Array list = made.As<Napi::Array>();
  Read(list.Get(0U).As<Napi::Number>().Uint32Value(), list);
  return 0;
}

Napi::Value Run(const Napi::CallbackInfo& info) {
  Napi::Env own = info.Env();
  const Napi::Array options = info[0].As<Napi::Array>();
  Napi::Function function = info[1].As<Napi::Function>();
  env = &own;
  make = &function;
  std::vector<std::string> texts;
  for (uint32_t i = 0; i < options.Length(); ++i) {
    texts.push_back(options.Get(i).As<Napi::String>().Utf8Value());
  }
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  int count = static_cast<int>(pointers.size());
  pointers.push_back(nullptr);
  char** argv = pointers.data();
  return Napi::Number::New(own, LLVMFuzzerRunDriver(&count, &argv, &Once));
}

Napi::Object Init(Napi::Env own, Napi::Object exports) {
  exports.Set("run", Napi::Function::New<Run>(own));
  return exports;
}

NODE_API_MODULE(ptrace_probe_fuzz, Init)

}  // namespace
}  // namespace ptrace_probe
