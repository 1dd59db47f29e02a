#include "addon/answers.h"

#include "addon/part_of.h"
#include "words/words.h"

namespace ptrace_probe {
namespace {

Napi::Value ToJs(Napi::Env env, Step step) {
  const std::string_view word = PartOf(WordsOf<Step>::kText, ' ', static_cast<size_t>(step));
  return Napi::String::New(env, word.data(), word.size());
}

Napi::Value ToJs(Napi::Env env, uint32_t number) {
  return Napi::Number::New(env, number);
}

Napi::Value ToJs(Napi::Env env, const Answer& answer) {
  return answer.tried ? Napi::Number::New(env, answer.error) : env.Null();
}

Napi::Value ToJs(Napi::Env env, const Outcome& outcome) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("step", ToJs(env, outcome.step));
  object.Set("errno", outcome.error);
  object.Set("signal", outcome.signal);
  return object;
}

Napi::Value ToJs(Napi::Env env, const Ancestor& ancestor) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("pid", ancestor.pid);
  object.Set("name", ancestor.name);
  return object;
}

template <typename Element>
Napi::Value ToJs(Napi::Env env, const Element* elements, uint32_t count) {
  const Napi::Array list = Napi::Array::New(env, count);
  for (uint32_t i = 0; i < count; ++i) list.Set(i, ToJs(env, elements[i]));
  return list;
}

Napi::Value ToJs(Napi::Env env, const SelfFacts& self) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("dumpable", self.dumpable);
  object.Set("effective", self.cap_effective);
  object.Set("permitted", self.cap_permitted);
  object.Set("bounding", self.cap_bounding);
  return object;
}

Napi::Value WhatWasRead(Napi::Env env, const Stat& stat) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("name", stat.name);
  object.Set("state", Napi::String::New(env, &stat.state, 1));
  object.Set("flags", stat.flags);
  object.Set("parent", stat.parent);
  object.Set("threads", stat.threads);
  object.Set("startTime", stat.start_time);
  return object;
}

Napi::Value WhatWasRead(Napi::Env env, const Status& status) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("threadGroup", status.thread_group);
  object.Set("tracer", status.tracer);
  object.Set("uids", ToJs(env, status.uids, 3));
  object.Set("gids", ToJs(env, status.gids, 3));
  object.Set("capPermitted", Napi::BigInt::New(env, status.cap_permitted));
  object.Set("capEffective", Napi::BigInt::New(env, status.cap_effective));
  return object;
}

Napi::Value WhatWasRead(Napi::Env env, const Owners& owners) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("directoryUid", owners.directory);
  object.Set("filesUid", owners.files);
  return object;
}

Napi::Value WhatWasRead(Napi::Env env, const Namespace& found) {
  return Napi::Number::New(env, static_cast<double>(found.inode));
}

template <size_t kSize>
Napi::Value WhatWasRead(Napi::Env env, const Text<kSize>& text) {
  return Napi::String::New(env, text.text);
}

// Facts, or { errno } where they could not be read.
template <typename Facts>
Napi::Value ReadOrErrno(Napi::Env env, const Facts& facts) {
  if (facts.error == 0) return WhatWasRead(env, facts);
  Napi::Object unread = Napi::Object::New(env);
  unread.Set("errno", facts.error);
  return unread;
}

Napi::Value ToJs(Napi::Env env, const ProcessFacts& facts) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("stat", ReadOrErrno(env, facts.stat));
  object.Set("status", ReadOrErrno(env, facts.status));
  return object;
}

Napi::Value ToJs(Napi::Env env, const Details& details) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("owners", ReadOrErrno(env, details.owners));
  object.Set("userNamespace", ReadOrErrno(env, details.user_namespace));
  object.Set("uidMap", ReadOrErrno(env, details.uid_map));
  object.Set("projidMap", ReadOrErrno(env, details.projid_map));
  object.Set("label", ReadOrErrno(env, details.label));
  return object;
}

Napi::Value ToJs(Napi::Env env, const CloserLook& closer) {
  if (!closer.taken) return env.Null();
  Napi::Object object = Napi::Object::New(env);
  object.Set("target", ToJs(env, closer.target));
  object.Set("self", ToJs(env, closer.self));
  object.Set("selfDetails", ToJs(env, closer.self_details));
  object.Set("ancestors",
             ToJs(env, closer.ancestors, static_cast<uint32_t>(closer.ancestor_count)));
  return object;
}

}  // namespace

Napi::Value ToJs(Napi::Env env, const Measurement& measurement) {
  const Arena* arena = measurement.arena();
  const Napi::Array families = Napi::Array::New(env, arena->family_count);
  for (uint32_t i = 0; i < arena->family_count; ++i) {
    families.Set(i, ToJs(env, arena->outcomes[i], arena->families[i].method_count));
  }
  Napi::Object result = Napi::Object::New(env);
  result.Set("finished", arena->finished);
  result.Set("status", measurement.status());
  result.Set("elapsedUs", measurement.elapsed_us());
  result.Set("abort", ToJs(env, arena->abort));
  result.Set("self", ToJs(env, arena->self));
  result.Set("families", families);
  return result;
}

Napi::Object ObjectOf(Napi::Env env, const Examination& examination) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("pid", examination.pid);
  object.Set("pidfdErrno", examination.pidfd_error);
  object.Set("ended", examination.ended);
  object.Set("procIsOurs", examination.proc_is_ours);
  object.Set("pidfdGetfd", ToJs(env, examination.answers.pidfd_getfd));
  object.Set("vmRead", ToJs(env, examination.answers.vm_read));
  object.Set("procMem", ToJs(env, examination.answers.proc_mem));
  object.Set("read", ToJs(env, examination.answers.read));
  object.Set("target", ToJs(env, examination.target));
  object.Set("tracerName", examination.tracer_name);
  object.Set("closer", ToJs(env, examination.closer));
  object.Set("inVfork", examination.in_vfork);
  object.Set("threads", env.Null());
  return object;
}

Napi::Value ToJs(Napi::Env env, const ProcessExamination& found) {
  const Threads& threads = found.threads;
  Napi::Object object = ObjectOf(env, found.process);
  if (!threads.taken) return object;
  Napi::Object others = Napi::Object::New(env);
  others.Set("isComplete", threads.is_complete);
  others.Set("lookedAt", threads.looked_at);
  others.Set("unreaped", threads.unreaped);
  others.Set("inVfork", threads.in_vfork);
  others.Set("isWaiting", threads.is_waiting);
  others.Set("suspect", threads.suspect == 0 ? env.Null() : ObjectOf(env, found.suspect));
  object.Set("threads", others);
  return object;
}

Napi::Value ToJs(Napi::Env env, const Examiner& examiner) {
  const ExamineRequest* request = examiner.request();
  const Napi::Array answers = Napi::Array::New(env, request->tracer_count);
  for (uint32_t i = 0; i < request->tracer_count; ++i) {
    const TracerRun& run = request->runs[i];
    Napi::Object answer = Napi::Object::New(env);
    answer.Set("errno", run.error);
    answer.Set("isRelated", run.is_related);
    answer.Set("results", ToJs(env, examiner.results(i), run.done));
    answers.Set(i, answer);
  }
  return answers;
}

Napi::Value ToJs(Napi::Env env, const FilePrivileges& privileges) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("errno", privileges.error);
  object.Set("nosuid", privileges.nosuid);
  object.Set("securebits", privileges.securebits);
  object.Set("label", privileges.label);
  object.Set("capability",
             Napi::Buffer<uint8_t>::Copy(env, privileges.capability, privileges.size));
  return object;
}

Napi::Value ToJs(Napi::Env env, const User& user) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("uid", user.uid);
  object.Set("gid", user.gid);
  object.Set("groups", ToJs(env, user.groups, user.group_count));
  return object;
}

}  // namespace ptrace_probe
