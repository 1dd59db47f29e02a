#include "convert.h"

namespace ptrace_probe {
namespace {

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
                                    "control-pidfd-getfd",
                                    "control-read",
                                    "control-landlock"};
constexpr const char* kParents[] = {"nobody", "supervisor", "tracer", "target"};
constexpr const char* kMiddles[] = {"none", "lives", "exits"};
constexpr const char* kTracers[] = {"child", "stranger", "user"};
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
  if (names.Length() == 0 || names.Length() > kMaxMethods) return false;
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
  if (groups.Length() > kMaxGroups) return false;
  user->group_count = groups.Length();
  for (uint32_t i = 0; i < groups.Length(); ++i) {
    user->groups[i] = groups.Get(i).ToNumber().Uint32Value();
  }
  return true;
}

Napi::Object OutcomeObject(Napi::Env env, const Outcome& outcome) {
  auto object = Napi::Object::New(env);
  object["step"] = Napi::String::New(env, kSteps[static_cast<size_t>(outcome.step)]);
  object["errno"] = Napi::Number::New(env, outcome.error);
  object["signal"] = Napi::Number::New(env, outcome.signal);
  return object;
}

// null: not asked.
Napi::Value AnswerValue(Napi::Env env, const Answer& answer) {
  return answer.tried ? Napi::Number::New(env, answer.error) : env.Null();
}

Napi::Array Numbers(Napi::Env env, const uint32_t (&numbers)[3]) {
  auto array = Napi::Array::New(env, 3);
  for (uint32_t i = 0; i < 3; ++i) array[i] = Napi::Number::New(env, numbers[i]);
  return array;
}

Napi::Object FactsObject(Napi::Env env, const ProcessFacts& facts) {
  auto object = Napi::Object::New(env);
  const auto number = [env](auto value) {
    return Napi::Number::New(env, static_cast<double>(value));
  };
  object["statErrno"] = number(facts.stat_error);
  if (facts.stat_error == 0) {
    object["name"] = Napi::String::New(env, facts.name);
    object["state"] = Napi::String::New(env, &facts.state, 1);
    object["flags"] = number(facts.flags);
    object["parent"] = number(facts.parent);
    object["threads"] = number(facts.threads);
    object["startTime"] = number(facts.start_time);
  }
  object["statusErrno"] = number(facts.status_error);
  if (facts.status_error == 0) {
    object["threadGroup"] = number(facts.thread_group);
    object["tracer"] = number(facts.tracer);
    object["uids"] = Numbers(env, facts.uids);
    object["gids"] = Numbers(env, facts.gids);
    object["capPermitted"] = Napi::BigInt::New(env, facts.cap_permitted);
    object["capEffective"] = Napi::BigInt::New(env, facts.cap_effective);
  }
  if (!facts.detailed) return object;
  object["ownerErrno"] = number(facts.owner_error);
  object["directoryUid"] = number(facts.directory_uid);
  object["filesUid"] = number(facts.files_uid);
  object["namespaceErrno"] = number(facts.namespace_error);
  object["userNamespace"] = number(facts.user_namespace);
  object["uidMapErrno"] = number(facts.uid_map_error);
  object["uidMap"] = Napi::String::New(env, facts.uid_map);
  object["projidMapErrno"] = number(facts.projid_map_error);
  object["projidMap"] = Napi::String::New(env, facts.projid_map);
  object["labelErrno"] = number(facts.label_error);
  object["label"] = Napi::String::New(env, facts.label);
  return object;
}

}  // namespace

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
  bool ok = users.Length() <= kMaxUsers && families.Length() <= kMaxFamilies;
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
      outcomes[j] = OutcomeObject(env, arena->outcomes[i][j]);
    }
    families[i] = outcomes;
  }
  result["families"] = families;
  return result;
}

std::unique_ptr<Examiner> ReadRequest(const Napi::CallbackInfo& info) {
  const auto object = info[0].As<Napi::Object>();
  const auto tracers = object.Get("tracers").As<Napi::Array>();
  const auto pids = object.Get("pids").As<Napi::Array>();
  auto examiner = std::make_unique<Examiner>(tracers.Length(), pids.Length());
  ExamineRequest* request = examiner->request();
  if (request == nullptr) return examiner;
  bool ok = tracers.Length() > 0 && tracers.Length() <= kMaxTracers;
  for (uint32_t i = 0; ok && i < tracers.Length(); ++i) {
    const auto tracer = tracers.Get(i).As<Napi::Object>();
    Tracer* who = &request->inquiries[i].tracer;
    ok = Word(tracer.Get("tracer"), kTracers, who) && (i == 0 || *who == Tracer::kStranger) &&
         (*who != Tracer::kUser || ReadUser(tracer.Get("user").As<Napi::Object>(), &request->user));
    for (uint32_t j = 0; j < pids.Length(); ++j) {
      examiner->results(i)[j].pid = pids.Get(j).ToNumber().Int32Value();
    }
  }
  if (!ok) {
    Napi::TypeError::New(info.Env(), "malformed request").ThrowAsJavaScriptException();
    return nullptr;
  }
  request->oracles = object.Get("oracles").ToNumber().Uint32Value();
  request->deadline_ms = object.Get("deadlineMs").ToNumber().Int32Value();
  return examiner;
}

Napi::Object ExaminationObject(Napi::Env env, const Examination& examination) {
  auto object = Napi::Object::New(env);
  object["pid"] = Napi::Number::New(env, examination.pid);
  object["pidfdErrno"] = Napi::Number::New(env, examination.pidfd_error);
  object["ended"] = Napi::Boolean::New(env, examination.ended);
  object["procIsOurs"] = Napi::Boolean::New(env, examination.proc_is_ours);
  object["pidfdGetfd"] = AnswerValue(env, examination.pidfd_getfd);
  object["vmRead"] = AnswerValue(env, examination.vm_read);
  object["procMem"] = AnswerValue(env, examination.proc_mem);
  object["read"] = AnswerValue(env, examination.read);
  object["target"] = FactsObject(env, examination.target);
  object["tracerName"] = Napi::String::New(env, examination.tracer_name);
  if (!examination.self.detailed) return object;
  object["self"] = FactsObject(env, examination.self);
  const auto count = static_cast<uint32_t>(examination.ancestor_count);
  auto ancestors = Napi::Array::New(env, count);
  for (uint32_t i = 0; i < count; ++i) {
    auto ancestor = Napi::Object::New(env);
    ancestor["pid"] = Napi::Number::New(env, examination.ancestors[i].pid);
    ancestor["name"] = Napi::String::New(env, examination.ancestors[i].name);
    ancestors[i] = ancestor;
  }
  object["ancestors"] = ancestors;
  return object;
}

Napi::Value Result(Napi::Env env, const Examiner& examiner) {
  const ExamineRequest* request = examiner.request();
  auto answers = Napi::Array::New(env, request->tracer_count);
  for (uint32_t i = 0; i < request->tracer_count; ++i) {
    const Inquiry& inquiry = request->inquiries[i];
    auto answer = Napi::Object::New(env);
    answer["errno"] = Napi::Number::New(env, inquiry.error);
    answer["isRelated"] = Napi::Boolean::New(env, inquiry.is_related);
    auto results = Napi::Array::New(env, inquiry.done);
    for (uint32_t j = 0; j < inquiry.done; ++j) {
      results[j] = ExaminationObject(env, examiner.results(i)[j]);
    }
    answer["results"] = results;
    answers[i] = answer;
  }
  return answers;
}

}  // namespace ptrace_probe
