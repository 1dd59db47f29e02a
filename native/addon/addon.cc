// The functions that JavaScript calls.

#include <grp.h>
#include <limits.h>
#include <pwd.h>

#include <memory>

#include "addon/answers.h"
#include "addon/arguments.h"
#include "words/words.h"

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

// How JavaScript ends a job before its time: by a function that owns this.
template <typename Job>
struct Handle {
  Job* job = nullptr;  // null unless it runs
};

// Waits on a thread of the pool for a job that was started. Deletes itself after that.
template <typename Job>
class Waiter : public Napi::AsyncWorker {
 public:
  // `cancel` owns `handle`.
  Waiter(Napi::Env env,
         std::unique_ptr<Job> job,
         Napi::Promise::Deferred deferred,
         Handle<Job>* handle,
         Napi::Function cancel)
      : AsyncWorker(env, "ptrace-probe"),
        job_(std::move(job)),
        deferred_(deferred),
        handle_(handle),
        cancel_(Napi::Persistent(cancel)),
        hook_(env.AddCleanupHook(&EnvironmentEnds, this)) {}

  ~Waiter() override {
    // With its environment the hook and the handle are gone.
    if (environment_ended_) return;
    hook_.Remove(Env());
    handle_->job = nullptr;
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
  Handle<Job>* const handle_;
  // Keeps the handle until this is deleted.
  const Napi::FunctionReference cancel_;
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

// Forks on the calling thread, too, and answers with a promise, and with a function that ends the
// job before its time: the promise settles then as well, when no process of it is left.
template <typename Job>
Napi::Value RunAsync(Napi::Env env, std::unique_ptr<Job> job) {
  if (job == nullptr) return Napi::Value();
  const auto deferred = Napi::Promise::Deferred::New(env);
  auto owned = std::make_unique<Handle<Job>>();
  Handle<Job>* const handle = owned.get();
  const Napi::Function cancel =
      Napi::Function::New(env, [owned = std::move(owned)](const Napi::CallbackInfo&) {
        if (owned->job != nullptr) owned->job->Cancel();
      });
  // A Worker that is being terminated gets no function, and then the handle is gone. Nothing has
  // been started yet.
  if (cancel.IsEmpty()) return Napi::Value();
  if (job->Start()) {
    handle->job = job.get();
    (new Waiter<Job>(env, std::move(job), deferred, handle, cancel))->Queue();
  } else {
    deferred.Resolve(Failure(env, *job));
  }
  Napi::Object running = Napi::Object::New(env);
  running.Set("settled", deferred.Promise());
  running.Set("cancel", cancel);
  return running;
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
  ProcessExamination found;
  Examine(pid, oracles, &found);
  return ToJs(info.Env(), found);
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
