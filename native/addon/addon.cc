// The functions that JavaScript calls.

#include <grp.h>
#include <limits.h>
#include <pwd.h>

#include "addon/objects.h"
#include "examine/file_privileges.h"

namespace ptrace_probe {
namespace {

struct Arguments {
  Value first;
  Value second;
};

// What is missing is undefined.
Arguments ArgumentsOf(napi_env env, napi_callback_info info) {
  napi_value values[2] = {};
  size_t count = 2;
  napi_get_cb_info(env, info, &count, values, nullptr, nullptr);
  return {{env, values[0]}, {env, values[1]}};
}

// What a job could not start with: data, as every refused system call is.
Value Failure(napi_env env, const char* call, int error) {
  const Value failed = Object(env);
  Set(failed, "syscall", String(env, call));
  Set(failed, "errno", Number(env, error));
  const Value result = Object(env);
  Set(result, "failed", failed);
  return result;
}

// Waits on a thread of the pool for a job that was started. Deletes itself after that.
template <typename Job>
class Waiter {
 public:
  Waiter(napi_env env, std::unique_ptr<Job> job, napi_deferred deferred)
      : job_(std::move(job)), deferred_(deferred) {
    napi_add_env_cleanup_hook(env, &EnvironmentEnds, this);
    napi_create_async_work(
        env, nullptr, String(env, "ptrace-probe"), &Execute, &Complete, this, &work_);
    napi_queue_async_work(env, work_);
  }

 private:
  static Waiter* From(void* data) { return static_cast<Waiter*>(data); }

  // A Worker is being terminated, or Node exits: end the job instead of waiting for it.
  static void EnvironmentEnds(void* data) { From(data)->job_->Cancel(); }

  static void Execute(napi_env, void* data) { From(data)->job_->Wait(); }

  static void Complete(napi_env env, napi_status status, void* data) {
    const std::unique_ptr<Waiter> waiter(From(data));
    napi_remove_env_cleanup_hook(env, &EnvironmentEnds, data);
    if (status != napi_cancelled) {
      napi_resolve_deferred(env, waiter->deferred_, Result(env, *waiter->job_));
    }
    napi_delete_async_work(env, waiter->work_);
  }

  std::unique_ptr<Job> job_;
  napi_deferred deferred_;
  napi_async_work work_ = nullptr;
};

// Forks on the calling thread and runs a job to its end. Job is a Measurement or an Examiner; null:
// its argument was malformed, and the exception is thrown.
template <typename Job>
napi_value RunSync(napi_env env, std::unique_ptr<Job> job) {
  if (job == nullptr) return nullptr;
  if (!job->Start()) return Failure(env, job->failed_call(), job->error());
  job->Wait();
  return Result(env, *job);
}

// Forks on the calling thread, too, and answers with a promise.
template <typename Job>
napi_value RunAsync(napi_env env, std::unique_ptr<Job> job) {
  if (job == nullptr) return nullptr;
  napi_deferred deferred = nullptr;
  napi_value promise = nullptr;
  napi_create_promise(env, &deferred, &promise);
  if (job->Start()) {
    new Waiter<Job>(env, std::move(job), deferred);
  } else {
    napi_resolve_deferred(env, deferred, Failure(env, job->failed_call(), job->error()));
  }
  return promise;
}

napi_value Measure(napi_env env, napi_callback_info info) {
  return RunSync(env, ReadPlan(ArgumentsOf(env, info).first));
}

napi_value MeasureAsync(napi_env env, napi_callback_info info) {
  return RunAsync(env, ReadPlan(ArgumentsOf(env, info).first));
}

napi_value ExamineAs(napi_env env, napi_callback_info info) {
  return RunSync(env, ReadRequest(ArgumentsOf(env, info).first));
}

napi_value ExamineAsAsync(napi_env env, napi_callback_info info) {
  return RunAsync(env, ReadRequest(ArgumentsOf(env, info).first));
}

// With the calling thread's own rights, here and now: nothing is forked.
napi_value ExamineHere(napi_env env, napi_callback_info info) {
  const auto [first, second] = ArgumentsOf(env, info);
  int32_t pid;
  int32_t oracles;
  if (!ReadNumber(first, &pid) || !ReadNumber(second, &oracles)) return nullptr;
  Examination examination;
  Examine(pid, static_cast<uint32_t>(oracles), &examination);
  return ExaminationObject(env, examination);
}

// The first argument, which is a string; false: it is not, and the exception is thrown.
bool ReadString(napi_env env, napi_callback_info info, char* text, size_t size) {
  size_t length;
  if (ReadText(ArgumentsOf(env, info).first, text, size, &length)) return true;
  napi_throw_type_error(env, nullptr, "A string was expected");
  return false;
}

// The ids and groups that a login as `name` would have (getpwnam(3), getgrouplist(3)); null when
// there is no such user.
napi_value LookUpUser(napi_env env, napi_callback_info info) {
  // A name that would be cut has no room in its entry, either.
  char buffer[16384];
  char name[sizeof buffer];
  if (!ReadString(env, info, name, sizeof name)) return nullptr;
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwnam_r(name, &entry, buffer, sizeof buffer, &found) != 0 || found == nullptr) {
    return Null(env);
  }
  gid_t groups[kMaxGroups];
  int count = kMaxGroups;
  if (::getgrouplist(name, found->pw_gid, groups, &count) < 0) return Null(env);
  const Value user = Object(env);
  Set(user, "uid", Number(env, found->pw_uid));
  Set(user, "gid", Number(env, found->pw_gid));
  Set(user, "groups", List(env, static_cast<uint32_t>(count), [&](uint32_t i) {
        return Number(env, groups[i]);
      }));
  return user;
}

// What the program in a file gets by its file: errno, whether the mount ignores that, and the bytes
// of security.capability (none: empty).
napi_value FilePrivilegesOf(napi_env env, napi_callback_info info) {
  // A path that would be cut is still too long for the kernel: a character is up to four bytes.
  char path[PATH_MAX + 4];
  if (!ReadString(env, info, path, sizeof path)) return nullptr;
  const FilePrivileges found = ReadFilePrivileges(path);
  napi_value capability = nullptr;
  napi_create_buffer_copy(env, found.size, found.capability, nullptr, &capability);
  const Value result = Object(env);
  Set(result, "errno", Number(env, found.error));
  Set(result, "nosuid", Boolean(env, found.nosuid));
  Set(result, "capability", capability);
  return result;
}

// Of the requests and answers, as lib/engine/engine.ts knows it. To be raised there and here with
// each change of either, so that a binary of another version is not called with what it would
// misread.
constexpr uint32_t kAbi = 1;

constexpr struct {
  char name[15];
  napi_callback function;
} kFunctions[] = {
    {"measure", &Measure},
    {"measureAsync", &MeasureAsync},
    {"examine", &ExamineHere},
    {"examineAs", &ExamineAs},
    {"examineAsAsync", &ExamineAsAsync},
    {"lookUpUser", &LookUpUser},
    {"filePrivileges", &FilePrivilegesOf},
};

}  // namespace
}  // namespace ptrace_probe

NAPI_MODULE_INIT() {
  for (const auto& [name, function] : ptrace_probe::kFunctions) {
    napi_value value = nullptr;
    napi_create_function(env, name, NAPI_AUTO_LENGTH, function, nullptr, &value);
    napi_set_named_property(env, exports, name, value);
  }
  napi_set_named_property(env, exports, "abi", ptrace_probe::Number(env, ptrace_probe::kAbi));
  return exports;
}
