// The only file that knows Node-API: names in, numbers out.

#include <grp.h>
#include <pwd.h>

// Our warnings are for our code.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#include <napi.h>
#pragma GCC diagnostic pop

#include <memory>
#include <vector>

#include "engine.h"

namespace {

using ptrace_probe::Arena;
using ptrace_probe::Consent;
using ptrace_probe::FamilySpec;
using ptrace_probe::Identity;
using ptrace_probe::Measurement;
using ptrace_probe::Method;
using ptrace_probe::Middle;
using ptrace_probe::Outcome;
using ptrace_probe::Parent;
using ptrace_probe::User;

// Each list in the order of its enum in plan.h; lib/vocabulary.ts and lib/engine.ts have the same.
constexpr const char* kIdentities[] = {"caller", "unprivileged", "owner", "user"};
constexpr const char* kConsents[] = {"none", "tracer", "ancestor", "any", "revoked", "unrelated"};
constexpr const char* kMethods[] = {"attach",
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
                                    "control-pidfd-getfd"};
constexpr const char* kParents[] = {"nobody", "supervisor", "tracer", "target"};
constexpr const char* kMiddles[] = {"none", "lives", "exits"};
constexpr const char* kSteps[] = {"not-run",
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
                                  "wait",
                                  "read",
                                  "release",
                                  "deadline"};

// Reads a name of a closed vocabulary. An unknown one is a mistake of lib/, not of a user.
template <typename Enum, size_t kCount>
bool Word(const Napi::Value& value, const char* const (&words)[kCount], Enum* out) {
  if (!value.IsString()) return false;
  const std::string word = value.As<Napi::String>().Utf8Value();
  for (size_t i = 0; i < kCount; ++i) {
    if (word == words[i]) {
      *out = static_cast<Enum>(i);
      return true;
    }
  }
  return false;
}

bool ReadFamily(const Napi::Object& object, FamilySpec* family) {
  const Napi::Value methods = object.Get("methods");
  if (!methods.IsArray()) return false;
  const auto names = methods.As<Napi::Array>();
  if (names.Length() == 0 || names.Length() > ptrace_probe::kMaxMethods) return false;
  family->method_count = static_cast<uint8_t>(names.Length());
  for (uint32_t i = 0; i < names.Length(); ++i) {
    if (!Word(names.Get(i), kMethods, &family->methods[i])) return false;
  }
  family->user = static_cast<uint8_t>(object.Get("user").ToNumber().Uint32Value());
  family->tree.tracer_adopts = object.Get("tracerAdopts").ToBoolean();
  return Word(object.Get("identity"), kIdentities, &family->identity) &&
         Word(object.Get("consent"), kConsents, &family->consent) &&
         Word(object.Get("tracerParent"), kParents, &family->tree.tracer_parent) &&
         Word(object.Get("targetParent"), kParents, &family->tree.target_parent) &&
         Word(object.Get("middle"), kMiddles, &family->tree.middle);
}

bool ReadUser(const Napi::Object& object, User* user) {
  user->uid = object.Get("uid").ToNumber().Uint32Value();
  user->gid = object.Get("gid").ToNumber().Uint32Value();
  const auto groups = object.Get("groups").As<Napi::Array>();
  if (groups.Length() > ptrace_probe::kMaxGroups) return false;
  user->group_count = groups.Length();
  for (uint32_t i = 0; i < groups.Length(); ++i) {
    user->groups[i] = groups.Get(i).ToNumber().Uint32Value();
  }
  return true;
}

std::unique_ptr<Measurement> ReadPlan(const Napi::CallbackInfo& info) {
  const auto plan = info[0].As<Napi::Object>();
  const auto families = plan.Get("families").As<Napi::Array>();
  const auto users = plan.Get("users").As<Napi::Array>();
  auto measurement = std::make_unique<Measurement>();
  Arena* arena = measurement->arena();
  if (arena == nullptr) return measurement;
  arena->deadline_ms = plan.Get("deadlineMs").ToNumber().Int32Value();
  arena->attempt_ms = plan.Get("attemptMs").ToNumber().Int32Value();
  arena->family_count = families.Length();
  bool ok =
      users.Length() <= ptrace_probe::kMaxUsers && families.Length() <= ptrace_probe::kMaxFamilies;
  for (uint32_t i = 0; ok && i < users.Length(); ++i) {
    ok = ReadUser(users.Get(i).As<Napi::Object>(), &arena->users[i]);
  }
  for (uint32_t i = 0; ok && i < families.Length(); ++i) {
    ok = ReadFamily(families.Get(i).As<Napi::Object>(), &arena->families[i]);
  }
  if (!ok) {
    Napi::TypeError::New(info.Env(), "malformed plan").ThrowAsJavaScriptException();
    return nullptr;
  }
  return measurement;
}

Napi::Object OutcomeObject(Napi::Env env, const Outcome& outcome) {
  auto object = Napi::Object::New(env);
  object["step"] = Napi::String::New(env, kSteps[static_cast<size_t>(outcome.step)]);
  object["errno"] = Napi::Number::New(env, outcome.error);
  object["signal"] = Napi::Number::New(env, outcome.signal);
  return object;
}

// What the engine could not start with: data, as every refused system call is.
Napi::Value Failure(Napi::Env env, const Measurement& measurement) {
  auto result = Napi::Object::New(env);
  auto failed = Napi::Object::New(env);
  failed["syscall"] = Napi::String::New(env, measurement.failed_call());
  failed["errno"] = Napi::Number::New(env, measurement.error());
  result["failed"] = failed;
  return result;
}

Napi::Value Result(Napi::Env env, const Measurement& measurement) {
  const Arena* arena = measurement.arena();
  auto result = Napi::Object::New(env);
  result["finished"] = Napi::Boolean::New(env, arena->finished);
  result["status"] = Napi::Number::New(env, measurement.status());
  result["elapsedUs"] = Napi::Number::New(env, static_cast<double>(measurement.elapsed_us()));
  result["abort"] = OutcomeObject(env, arena->abort);
  auto self = Napi::Object::New(env);
  self["dumpable"] = Napi::Boolean::New(env, arena->self.dumpable);
  self["effective"] = Napi::Boolean::New(env, arena->self.cap_effective);
  self["permitted"] = Napi::Boolean::New(env, arena->self.cap_permitted);
  self["bounding"] = Napi::Boolean::New(env, arena->self.cap_bounding);
  result["self"] = self;
  auto families = Napi::Array::New(env, arena->family_count);
  for (uint32_t i = 0; i < arena->family_count; ++i) {
    const FamilySpec& family = arena->families[i];
    auto outcomes = Napi::Array::New(env, family.method_count);
    for (uint32_t j = 0; j < family.method_count; ++j) {
      outcomes[j] = OutcomeObject(env, family.outcomes[j]);
    }
    families[i] = outcomes;
  }
  result["families"] = families;
  return result;
}

// Forks on the calling thread, waits on a thread of the pool.
class Waiter : public Napi::AsyncWorker {
 public:
  Waiter(Napi::Env env, std::unique_ptr<Measurement> measurement)
      : Napi::AsyncWorker(env, "ptrace-probe"),
        deferred_(Napi::Promise::Deferred::New(env)),
        measurement_(std::move(measurement)) {
    napi_add_env_cleanup_hook(env, &EnvironmentEnds, this);
  }
  ~Waiter() override { napi_remove_env_cleanup_hook(Env(), &EnvironmentEnds, this); }

  Napi::Promise Promise() const { return deferred_.Promise(); }

 protected:
  void Execute() override { measurement_->Wait(); }
  void OnOK() override { deferred_.Resolve(Result(Env(), *measurement_)); }

 private:
  // A Worker is being terminated, or Node exits: end the measurement instead of waiting for it.
  static void EnvironmentEnds(void* self) { static_cast<Waiter*>(self)->measurement_->Cancel(); }

  Napi::Promise::Deferred deferred_;
  std::unique_ptr<Measurement> measurement_;
};

Napi::Value Measure(const Napi::CallbackInfo& info) {
  const auto measurement = ReadPlan(info);
  if (measurement == nullptr) return info.Env().Undefined();
  if (measurement->arena() == nullptr || !measurement->Start()) {
    return Failure(info.Env(), *measurement);
  }
  measurement->Wait();
  return Result(info.Env(), *measurement);
}

Napi::Value MeasureAsync(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  auto measurement = ReadPlan(info);
  if (measurement == nullptr) return env.Undefined();
  if (measurement->arena() == nullptr || !measurement->Start()) {
    const auto deferred = Napi::Promise::Deferred::New(env);
    deferred.Resolve(Failure(env, *measurement));
    return deferred.Promise();
  }
  auto* waiter = new Waiter(env, std::move(measurement));
  const Napi::Promise promise = waiter->Promise();
  waiter->Queue();
  return promise;
}

// The ids and groups that a login as `name` would have (getpwnam(3), getgrouplist(3)); null when
// there is no such user.
Napi::Value LookUpUser(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::string name = info[0].As<Napi::String>().Utf8Value();
  passwd entry{};
  passwd* found = nullptr;
  std::vector<char> buffer(16384);
  if (::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) != 0 ||
      found == nullptr) {
    return env.Null();
  }
  std::vector<gid_t> groups(ptrace_probe::kMaxGroups);
  int count = static_cast<int>(groups.size());
  if (::getgrouplist(name.c_str(), found->pw_gid, groups.data(), &count) < 0) return env.Null();
  auto user = Napi::Object::New(env);
  user["uid"] = Napi::Number::New(env, found->pw_uid);
  user["gid"] = Napi::Number::New(env, found->pw_gid);
  auto list = Napi::Array::New(env, static_cast<size_t>(count));
  for (uint32_t i = 0; i < static_cast<uint32_t>(count); ++i) {
    list[i] = Napi::Number::New(env, groups[i]);
  }
  user["groups"] = list;
  return user;
}

Napi::Object Initialize(Napi::Env env, Napi::Object exports) {
  exports["measure"] = Napi::Function::New(env, Measure);
  exports["measureAsync"] = Napi::Function::New(env, MeasureAsync);
  exports["lookUpUser"] = Napi::Function::New(env, LookUpUser);
  return exports;
}

}  // namespace

NODE_API_MODULE(ptrace_probe, Initialize)
