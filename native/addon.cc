// The functions that JavaScript calls. Only this file and convert.cc know Node-API.

#include <grp.h>
#include <pwd.h>

#include <vector>

#include "convert.h"
#include "file_privileges.h"

namespace ptrace_probe {
namespace {

// What a job could not start with: data, as every refused system call is.
template <typename Job>
Napi::Value Failure(Napi::Env env, const Job& job) {
  auto result = Napi::Object::New(env);
  auto failed = Napi::Object::New(env);
  failed["syscall"] = Napi::String::New(env, job.failed_call());
  failed["errno"] = Napi::Number::New(env, job.error());
  result["failed"] = failed;
  return result;
}

// Forks on the calling thread, waits on a thread of the pool. Job is a Measurement or an Examiner.
template <typename Job>
class Waiter : public Napi::AsyncWorker {
 public:
  Waiter(Napi::Env env, std::unique_ptr<Job> job)
      : Napi::AsyncWorker(env, "ptrace-probe"),
        deferred_(Napi::Promise::Deferred::New(env)),
        job_(std::move(job)) {
    napi_add_env_cleanup_hook(env, &EnvironmentEnds, this);
  }
  ~Waiter() override { napi_remove_env_cleanup_hook(Env(), &EnvironmentEnds, this); }

  Napi::Promise Promise() const { return deferred_.Promise(); }

 protected:
  void Execute() override { job_->Wait(); }
  void OnOK() override { deferred_.Resolve(Result(Env(), *job_)); }

 private:
  // A Worker is being terminated, or Node exits: end the job instead of waiting for it.
  static void EnvironmentEnds(void* self) { static_cast<Waiter*>(self)->job_->Cancel(); }

  Napi::Promise::Deferred deferred_;
  std::unique_ptr<Job> job_;
};

// Runs a job to its end; null: its argument was malformed, and the exception is thrown.
template <typename Job>
Napi::Value RunSync(Napi::Env env, std::unique_ptr<Job> job) {
  if (job == nullptr) return env.Undefined();
  if (!job->Start()) return Failure(env, *job);
  job->Wait();
  return Result(env, *job);
}

template <typename Job>
Napi::Value RunAsync(Napi::Env env, std::unique_ptr<Job> job) {
  if (job == nullptr) return env.Undefined();
  if (!job->Start()) {
    const auto deferred = Napi::Promise::Deferred::New(env);
    deferred.Resolve(Failure(env, *job));
    return deferred.Promise();
  }
  auto* waiter = new Waiter<Job>(env, std::move(job));
  const Napi::Promise promise = waiter->Promise();
  waiter->Queue();
  return promise;
}

Napi::Value Measure(const Napi::CallbackInfo& info) {
  return RunSync(info.Env(), ReadPlan(info));
}

Napi::Value MeasureAsync(const Napi::CallbackInfo& info) {
  return RunAsync(info.Env(), ReadPlan(info));
}

Napi::Value ExamineAs(const Napi::CallbackInfo& info) {
  return RunSync(info.Env(), ReadRequest(info));
}

Napi::Value ExamineAsAsync(const Napi::CallbackInfo& info) {
  return RunAsync(info.Env(), ReadRequest(info));
}

// With the calling thread's own rights, here and now: nothing is forked.
Napi::Value Examine(const Napi::CallbackInfo& info) {
  Examination examination;
  ptrace_probe::Examine(
      info[0].ToNumber().Int32Value(), info[1].ToNumber().Uint32Value(), &examination);
  return ExaminationObject(info.Env(), examination);
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
  std::vector<gid_t> groups(kMaxGroups);
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

// What the program in a file gets by its file: errno, whether the mount ignores that, and the bytes
// of security.capability (none: empty).
Napi::Value ReadFilePrivileges(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::string path = info[0].As<Napi::String>().Utf8Value();
  const FilePrivileges found = ptrace_probe::ReadFilePrivileges(path.c_str());
  auto result = Napi::Object::New(env);
  result["errno"] = Napi::Number::New(env, found.error);
  result["nosuid"] = Napi::Boolean::New(env, found.nosuid);
  result["capability"] = Napi::Buffer<uint8_t>::Copy(env, found.capability, found.size);
  return result;
}

Napi::Object Initialize(Napi::Env env, Napi::Object exports) {
  exports["measure"] = Napi::Function::New(env, Measure);
  exports["measureAsync"] = Napi::Function::New(env, MeasureAsync);
  exports["examine"] = Napi::Function::New(env, Examine);
  exports["examineAs"] = Napi::Function::New(env, ExamineAs);
  exports["examineAsAsync"] = Napi::Function::New(env, ExamineAsAsync);
  exports["lookUpUser"] = Napi::Function::New(env, LookUpUser);
  exports["filePrivileges"] = Napi::Function::New(env, ReadFilePrivileges);
  return exports;
}

}  // namespace
}  // namespace ptrace_probe

using ptrace_probe::Initialize;
NODE_API_MODULE(ptrace_probe, Initialize)
