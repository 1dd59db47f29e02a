#include "addon/objects.h"

#include "addon/convert.h"

namespace ptrace_probe {
namespace {

constexpr Field kPlan[] = {
    FIELD("deadlineMs", Arena, deadline_ms),
    FIELD("attemptMs", Arena, attempt_ms),
};

constexpr Field kFamily[] = {
    FIELD("user", FamilySpec, user),
    FIELD("tracerAdopts", FamilySpec, tree.tracer_adopts),
    FIELD("identity", FamilySpec, identity),
    FIELD("consent", FamilySpec, consent),
    FIELD("tracerParent", FamilySpec, tree.tracer_parent),
    FIELD("targetParent", FamilySpec, tree.target_parent),
    FIELD("middle", FamilySpec, tree.middle),
};

constexpr Field kUser[] = {
    FIELD("uid", User, uid),
    FIELD("gid", User, gid),
};

constexpr Field kRequest[] = {
    FIELD("oracles", ExamineRequest, oracles),
    FIELD("deadlineMs", ExamineRequest, deadline_ms),
};

constexpr Field kOutcome[] = {
    FIELD("step", Outcome, step),
    FIELD("errno", Outcome, error),
    FIELD("signal", Outcome, signal),
};

constexpr Field kSelf[] = {
    FIELD("dumpable", SelfFacts, dumpable),
    FIELD("effective", SelfFacts, cap_effective),
    FIELD("permitted", SelfFacts, cap_permitted),
    FIELD("bounding", SelfFacts, cap_bounding),
};

constexpr Field kStat[] = {
    FIELD("name", ProcessFacts, name),
    FIELD("state", ProcessFacts, state),
    FIELD("flags", ProcessFacts, flags),
    FIELD("parent", ProcessFacts, parent),
    FIELD("threads", ProcessFacts, threads),
    FIELD("startTime", ProcessFacts, start_time),
};

constexpr Field kStatus[] = {
    FIELD("threadGroup", ProcessFacts, thread_group),
    FIELD("tracer", ProcessFacts, tracer),
    FIELD("uids", ProcessFacts, uids),
    FIELD("gids", ProcessFacts, gids),
};

constexpr Field kDetails[] = {
    FIELD("ownerErrno", ProcessFacts, owner_error),
    FIELD("directoryUid", ProcessFacts, directory_uid),
    FIELD("filesUid", ProcessFacts, files_uid),
    FIELD("namespaceErrno", ProcessFacts, namespace_error),
    FIELD("userNamespace", ProcessFacts, user_namespace),
    FIELD("uidMapErrno", ProcessFacts, uid_map_error),
    FIELD("uidMap", ProcessFacts, uid_map),
    FIELD("projidMapErrno", ProcessFacts, projid_map_error),
    FIELD("projidMap", ProcessFacts, projid_map),
    FIELD("labelErrno", ProcessFacts, label_error),
    FIELD("label", ProcessFacts, label),
};

constexpr Field kExamination[] = {
    FIELD("pid", Examination, pid),
    FIELD("pidfdErrno", Examination, pidfd_error),
    FIELD("ended", Examination, ended),
    FIELD("procIsOurs", Examination, proc_is_ours),
    FIELD("pidfdGetfd", Examination, pidfd_getfd),
    FIELD("vmRead", Examination, vm_read),
    FIELD("procMem", Examination, proc_mem),
    FIELD("read", Examination, read),
};

constexpr Field kAncestor[] = {
    FIELD("pid", Ancestor, pid),
    FIELD("name", Ancestor, name),
};

constexpr Field kInquiry[] = {
    FIELD("errno", Inquiry, error),
    FIELD("isRelated", Inquiry, is_related),
};

bool ReadFamily(Value object, FamilySpec* family) {
  const Value methods = Get(object, "methods");
  uint32_t count = 0;
  if (!ReadLength(methods, &count) || count == 0 || count > kMaxMethods) return false;
  family->method_count = static_cast<uint8_t>(count);
  for (uint32_t i = 0; i < count; ++i) {
    if (!Read(At(methods, i), &family->methods[i])) return false;
  }
  return ReadFields(object, kFamily, family);
}

bool ReadUser(Value object, User* user) {
  const Value groups = Get(object, "groups");
  if (!ReadLength(groups, &user->group_count) || user->group_count > kMaxGroups) return false;
  for (uint32_t i = 0; i < user->group_count; ++i) {
    if (!Read(At(groups, i), &user->groups[i])) return false;
  }
  return ReadFields(object, kUser, user);
}

bool ReadArena(Value plan, Arena* arena) {
  const Value families = Get(plan, "families");
  const Value users = Get(plan, "users");
  uint32_t user_count = 0;
  if (!ReadLength(families, &arena->family_count) || arena->family_count > kMaxFamilies ||
      !ReadLength(users, &user_count) || user_count > kMaxUsers) {
    return false;
  }
  for (uint32_t i = 0; i < user_count; ++i) {
    if (!ReadUser(At(users, i), &arena->users[i])) return false;
  }
  for (uint32_t i = 0; i < arena->family_count; ++i) {
    FamilySpec* family = &arena->families[i];
    if (!ReadFamily(At(families, i), family)) return false;
    if (family->identity == Identity::kUser && family->user >= user_count) return false;
  }
  return ReadFields(plan, kPlan, arena);
}

bool ReadInquiries(Value tracers, Value pids, Examiner* examiner) {
  ExamineRequest* request = examiner->request();
  for (uint32_t i = 0; i < request->tracer_count; ++i) {
    const Value tracer = At(tracers, i);
    Tracer* who = &request->inquiries[i].tracer;
    if (!Read(Get(tracer, "tracer"), who) || (i > 0 && *who != Tracer::kStranger) ||
        (*who == Tracer::kUser && !ReadUser(Get(tracer, "user"), &request->user))) {
      return false;
    }
    for (uint32_t j = 0; j < request->count; ++j) {
      if (!Read(At(pids, j), &examiner->results(i)[j].pid)) return false;
    }
  }
  return true;
}

Value OutcomeObject(napi_env env, const Outcome& outcome) {
  const Value object = Object(env);
  SetFields(object, kOutcome, outcome);
  return object;
}

Value FactsObject(napi_env env, const ProcessFacts& facts) {
  const Value object = Object(env);
  Set(object, "statErrno", Number(env, facts.stat_error));
  if (facts.stat_error == 0) SetFields(object, kStat, facts);
  Set(object, "statusErrno", Number(env, facts.status_error));
  if (facts.status_error == 0) {
    SetFields(object, kStatus, facts);
    Set(object, "capPermitted", BigInt(env, facts.cap_permitted));
    Set(object, "capEffective", BigInt(env, facts.cap_effective));
  }
  if (facts.detailed) SetFields(object, kDetails, facts);
  return object;
}

}  // namespace

std::unique_ptr<Measurement> ReadPlan(Value argument) {
  auto measurement = std::make_unique<Measurement>();
  Arena* arena = measurement->arena();
  if (arena == nullptr || ReadArena(argument, arena)) return measurement;
  napi_throw_type_error(argument.env, nullptr, "malformed plan");
  return nullptr;
}

std::unique_ptr<Examiner> ReadRequest(Value argument) {
  const Value tracers = Get(argument, "tracers");
  const Value pids = Get(argument, "pids");
  uint32_t tracer_count = 0;
  uint32_t count = 0;
  if (ReadLength(tracers, &tracer_count) && tracer_count > 0 && tracer_count <= kMaxTracers &&
      ReadLength(pids, &count)) {
    auto examiner = std::make_unique<Examiner>(tracer_count, count);
    ExamineRequest* request = examiner->request();
    if (request == nullptr ||
        (ReadInquiries(tracers, pids, examiner.get()) && ReadFields(argument, kRequest, request))) {
      return examiner;
    }
  }
  napi_throw_type_error(argument.env, nullptr, "malformed request");
  return nullptr;
}

Value Result(napi_env env, const Measurement& measurement) {
  const Arena* arena = measurement.arena();
  const Value result = Object(env);
  Set(result, "finished", Boolean(env, arena->finished));
  Set(result, "status", Number(env, measurement.status()));
  Set(result, "elapsedUs", Number(env, static_cast<double>(measurement.elapsed_us())));
  Set(result, "abort", OutcomeObject(env, arena->abort));
  const Value self = Object(env);
  SetFields(self, kSelf, arena->self);
  Set(result, "self", self);
  Set(result, "families", List(env, arena->family_count, [&](uint32_t i) {
        return List(env, arena->families[i].method_count, [&](uint32_t j) {
          return OutcomeObject(env, arena->outcomes[i][j]);
        });
      }));
  return result;
}

Value ExaminationObject(napi_env env, const Examination& examination) {
  const Value object = Object(env);
  SetFields(object, kExamination, examination);
  Set(object, "target", FactsObject(env, examination.target));
  Set(object, "tracerName", String(env, examination.tracer_name));
  if (!examination.self.detailed) return object;
  Set(object, "self", FactsObject(env, examination.self));
  const auto count = static_cast<uint32_t>(examination.ancestor_count);
  Set(object, "ancestors", List(env, count, [&](uint32_t i) {
        const Value ancestor = Object(env);
        SetFields(ancestor, kAncestor, examination.ancestors[i]);
        return ancestor;
      }));
  return object;
}

Value Result(napi_env env, const Examiner& examiner) {
  const ExamineRequest* request = examiner.request();
  return List(env, request->tracer_count, [&](uint32_t i) {
    const Inquiry& inquiry = request->inquiries[i];
    const Value answer = Object(env);
    SetFields(answer, kInquiry, inquiry);
    Set(answer, "results", List(env, inquiry.done, [&](uint32_t j) {
          return ExaminationObject(env, examiner.results(i)[j]);
        }));
    return answer;
  });
}

}  // namespace ptrace_probe
