#include "addon/answers.h"

#include <string>
#include <vector>

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

Napi::Value ToJs(Napi::Env env, const Outcome& outcome) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("step", ToJs(env, outcome.step));
  object.Set("errno", outcome.error);
  object.Set("signal", outcome.signal);
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

// Examinations as one list of numbers and one text. JavaScript makes the objects of them, in the
// same order (lib/engine/unpack.ts): made here, property by property, they take ten times as long.
class Packed {
 public:
  // Room for `count` of them that need no closer look; for more it grows.
  explicit Packed(uint32_t count) { numbers_.reserve(count * size_t{40}); }

  template <typename... Numbers>
  void Add(Numbers... numbers) {
    (numbers_.push_back(static_cast<double>(numbers)), ...);
  }

  // Up to its NUL, which a text in JavaScript may hold.
  void AddText(const char* text) { text_.append(text).push_back('\0'); }

  // In halves: a number of JavaScript has 53 bits.
  void AddBits(uint64_t bits) { Add(bits >> 32, bits & UINT32_MAX); }

  void AddAnswer(const Answer& answer) { Add(answer.tried ? answer.error : -1); }

  // An errno, and facts only where it is 0.
  template <typename Facts>
  void AddFacts(const Facts& facts) {
    Add(facts.error);
    if (facts.error == 0) AddRead(facts);
  }

  void AddExamination(const Examination& examination);
  void AddProcess(const ProcessExamination& found);

  Napi::Value ToJs(Napi::Env env) const;

 private:
  void AddRead(const Stat& stat);
  void AddRead(const Status& status);
  void AddRead(const Owners& owners) { Add(owners.directory, owners.files); }
  void AddRead(const Namespace& found) { Add(found.inode); }

  template <size_t kSize>
  void AddRead(const Text<kSize>& text) {
    AddText(text.text);
  }

  void AddProcessFacts(const ProcessFacts& facts);
  void AddDetails(const Details& details);
  void AddCloserLook(const CloserLook& closer);

  std::vector<double> numbers_;
  std::string text_;
};

void Packed::AddRead(const Stat& stat) {
  const char state[] = {stat.state, '\0'};
  AddText(stat.name);
  AddText(state);
  Add(stat.flags, stat.parent, stat.threads, stat.start_time);
}

void Packed::AddRead(const Status& status) {
  const auto& [real, effective, saved] = status.uids;
  const auto& [real_gid, effective_gid, saved_gid] = status.gids;
  Add(status.thread_group, status.tracer);
  Add(real, effective, saved, real_gid, effective_gid, saved_gid);
  AddBits(status.cap_permitted);
  AddBits(status.cap_effective);
}

void Packed::AddProcessFacts(const ProcessFacts& facts) {
  AddFacts(facts.stat);
  AddFacts(facts.status);
}

void Packed::AddDetails(const Details& details) {
  AddFacts(details.owners);
  AddFacts(details.user_namespace);
  AddFacts(details.uid_map);
  AddFacts(details.projid_map);
  AddFacts(details.label);
}

void Packed::AddCloserLook(const CloserLook& closer) {
  Add(closer.taken);
  if (!closer.taken) return;
  AddDetails(closer.target);
  AddProcessFacts(closer.self);
  AddDetails(closer.self_details);
  Add(closer.ancestor_count);
  for (int32_t i = 0; i < closer.ancestor_count; ++i) {
    Add(closer.ancestors[i].pid);
    AddText(closer.ancestors[i].name);
  }
}

void Packed::AddExamination(const Examination& examination) {
  const Answers& answers = examination.answers;
  Add(examination.pid, examination.pidfd_error, examination.ended, examination.proc_is_ours);
  AddAnswer(answers.pidfd_getfd);
  AddAnswer(answers.vm_read);
  AddAnswer(answers.proc_mem);
  AddAnswer(answers.read);
  AddProcessFacts(examination.target);
  AddText(examination.tracer_name);
  AddCloserLook(examination.closer);
  Add(examination.in_vfork);
}

void Packed::AddProcess(const ProcessExamination& found) {
  const Threads& threads = found.threads;
  AddExamination(found.process);
  Add(threads.taken);
  if (!threads.taken) return;
  Add(threads.is_complete, threads.looked_at, threads.unreaped, threads.in_vfork);
  Add(threads.is_waiting, threads.suspect != 0);
  if (threads.suspect != 0) AddExamination(found.suspect);
}

Napi::Value Packed::ToJs(Napi::Env env) const {
  // No Float64Array: to make its buffer fails in a Worker that is being terminated, and
  // node-addon-api then hands out a view of nothing.
  const uint32_t count = static_cast<uint32_t>(numbers_.size());
  const Napi::Array numbers = Napi::Array::New(env, count);
  for (uint32_t i = 0; i < count && numbers.Set(i, numbers_[i]); ++i) {
  }
  Napi::Object packed = Napi::Object::New(env);
  packed.Set("numbers", numbers);
  packed.Set("text", Napi::String::New(env, text_));
  return packed;
}

Napi::Value ToJs(Napi::Env env, const ProcessExamination* found, uint32_t count) {
  Packed packed(count);
  for (uint32_t i = 0; i < count; ++i) packed.AddProcess(found[i]);
  return packed.ToJs(env);
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

Napi::Value ToJs(Napi::Env env, const ProcessExamination& found) {
  return ToJs(env, &found, 1);
}

Napi::Value ToJs(Napi::Env env, const Examiner& examiner) {
  const ExamineRequest* request = examiner.request();
  const Napi::Array answers = Napi::Array::New(env, request->tracer_count);
  for (uint32_t i = 0; i < request->tracer_count; ++i) {
    const TracerRun& run = request->runs[i];
    Napi::Object answer = Napi::Object::New(env);
    answer.Set("errno", run.error);
    answer.Set("isRelated", run.is_related);
    answer.Set("count", run.done);
    answer.Set("packed", ToJs(env, examiner.results(i), run.done));
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
