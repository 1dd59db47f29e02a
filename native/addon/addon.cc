// The functions that JavaScript calls.

#include <grp.h>
#include <limits.h>
#include <pwd.h>

#include "addon/marshal.h"
#include "addon/words.h"

namespace ptrace_probe {
namespace {

// Why a job could not start: data, as every refused system call is.
template <typename Job>
Napi::Value Failure(Napi::Env env, const Job& job) {
  Napi::Object failed = Napi::Object::New(env);
  failed.Set("syscall", job.failed_call());
  failed.Set("errno", job.error());
  Napi::Object result = Napi::Object::New(env);
  result.Set("failed", failed);
  return result;
}

// Waits on a thread of the pool for a job that was started. Deletes itself after that.
template <typename Job>
class Waiter : public Napi::AsyncWorker {
 public:
  Waiter(Napi::Env env, std::unique_ptr<Job> job, Napi::Promise::Deferred deferred)
      : AsyncWorker(env, "ptrace-probe"),
        job_(std::move(job)),
        deferred_(deferred),
        hook_(env.AddCleanupHook(&EnvironmentEnds, this)) {}

  ~Waiter() override {
    // A hook that has run is gone.
    if (!environment_ended_) hook_.Remove(Env());
  }

 protected:
  void Execute() override { job_->Wait(); }

  void OnOK() override {
    if (!environment_ended_) deferred_.Resolve(ToJs(Env(), *job_));
  }

 private:
  // A Worker is being terminated, or Node exits: end the job instead of waiting for it.
  static void EnvironmentEnds(Waiter* waiter) {
    waiter->environment_ended_ = true;
    waiter->job_->Cancel();
  }

  std::unique_ptr<Job> job_;
  Napi::Promise::Deferred deferred_;
  bool environment_ended_ = false;
  Napi::Env::CleanupHook<void (*)(Waiter*), Waiter> hook_;
};

// Forks on the calling thread and runs a job to its end. Job is a Measurement or an Examiner; null:
// its argument was malformed, and an exception is pending.
template <typename Job>
Napi::Value RunSync(Napi::Env env, std::unique_ptr<Job> job) {
  if (job == nullptr) return Napi::Value();
  if (!job->Start()) return Failure(env, *job);
  job->Wait();
  return ToJs(env, *job);
}

// Forks on the calling thread, too, and answers with a promise.
template <typename Job>
Napi::Value RunAsync(Napi::Env env, std::unique_ptr<Job> job) {
  if (job == nullptr) return Napi::Value();
  const auto deferred = Napi::Promise::Deferred::New(env);
  if (job->Start()) {
    (new Waiter<Job>(env, std::move(job), deferred))->Queue();
  } else {
    deferred.Resolve(Failure(env, *job));
  }
  return deferred.Promise();
}

Napi::Value Measure(const Napi::CallbackInfo& info) {
  return RunSync(info.Env(), ReadPlan(info[0]));
}

Napi::Value MeasureAsync(const Napi::CallbackInfo& info) {
  return RunAsync(info.Env(), ReadPlan(info[0]));
}

Napi::Value ExamineAs(const Napi::CallbackInfo& info) {
  return RunSync(info.Env(), ReadRequest(info[0]));
}

Napi::Value ExamineAsAsync(const Napi::CallbackInfo& info) {
  return RunAsync(info.Env(), ReadRequest(info[0]));
}

// With the calling thread's own rights, here and now: nothing is forked.
Napi::Value ExamineHere(const Napi::CallbackInfo& info) {
  pid_t pid;
  uint32_t oracles;
  if (!ReadQuestion(info, &pid, &oracles)) return Napi::Value();
  Examination examination;
  Examine(pid, oracles, &examination);
  return ToJs(info.Env(), examination);
}

// The ids and groups that a login as that user would have (getpwnam(3), getgrouplist(3)); null when
// there is no such user.
Napi::Value LookUpUser(const Napi::CallbackInfo& info) {
  char buffer[16384];
  // A name that is cut is too long for its entry in `buffer`, too.
  char name[sizeof buffer];
  if (!ReadString(info[0], name, sizeof name)) return Napi::Value();
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwnam_r(name, &entry, buffer, sizeof buffer, &found) != 0 || found == nullptr) {
    return info.Env().Null();
  }
  User user;
  user.uid = found->pw_uid;
  user.gid = found->pw_gid;
  int count = kMaxGroups;
  if (::getgrouplist(name, user.gid, user.groups, &count) < 0) return info.Env().Null();
  user.group_count = static_cast<uint32_t>(count);
  return ToJs(info.Env(), user);
}

// What the program in a file gets by its file.
Napi::Value FilePrivilegesOf(const Napi::CallbackInfo& info) {
  // A character has up to four bytes, so that a path that is cut is still too long for the kernel.
  char path[PATH_MAX + 4];
  if (!ReadString(info[0], path, sizeof path)) return Napi::Value();
  return ToJs(info.Env(), ReadFilePrivileges(path));
}

// The version of the requests and answers, which lib/engine/contract.ts has, too. Raise both with
// each change of either, so that lib/ does not call a binary that would misread it.
constexpr uint32_t kAbi = 2;

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("abi", kAbi);
  exports.Set("words", Napi::String::New(env, kWords.data(), kWords.size()));
  exports.Set("measure", Napi::Function::New<Measure>(env));
  exports.Set("measureAsync", Napi::Function::New<MeasureAsync>(env));
  exports.Set("examine", Napi::Function::New<ExamineHere>(env));
  exports.Set("examineAs", Napi::Function::New<ExamineAs>(env));
  exports.Set("examineAsAsync", Napi::Function::New<ExamineAsAsync>(env));
  exports.Set("lookUpUser", Napi::Function::New<LookUpUser>(env));
  exports.Set("filePrivileges", Napi::Function::New<FilePrivilegesOf>(env));
  return exports;
}

NODE_API_MODULE(ptrace_probe, Init)

}  // namespace
}  // namespace ptrace_probe
