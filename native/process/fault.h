// The steps of the protocol between Node, the supervisor, the members and the examiners, by name.
//
// A test build ends, stops or delays a process at one of them: PTRACE_PROBE_FAULTS is the header
// that says how (test/chaos/native/faults.h). In every other build a point is nothing.

#ifndef PTRACE_PROBE_PROCESS_FAULT_H_
#define PTRACE_PROBE_PROCESS_FAULT_H_

#include <sys/types.h>

// THE table: a new step is a new row here and a call of fault::At() where it happens.
#define PTRACE_PROBE_FAULT_POINTS(POINT)                                 \
  /* Node measures. */                                                   \
  POINT(kMeasurementStarts)                                              \
  POINT(kMeasurementForked)                                              \
  POINT(kMeasurementEnded)                                               \
  POINT(kMeasurementKills)                                               \
  POINT(kMeasurementReaped)                                              \
  /* The supervisor sets itself up and runs one family after another. */ \
  POINT(kSupervisorBorn)                                                 \
  POINT(kSupervisorLinked)                                               \
  POINT(kSupervisorShed)                                                 \
  POINT(kSupervisorLeads)                                                \
  POINT(kSupervisorGuarded)                                              \
  POINT(kSupervisorWiped)                                                \
  POINT(kBoardShared)                                                    \
  POINT(kFamilyBegins)                                                   \
  POINT(kFamilyPiped)                                                    \
  POINT(kChildForked)                                                    \
  POINT(kFamilyAwaited)                                                  \
  POINT(kFamilyDone)                                                     \
  POINT(kFamilyKilled)                                                   \
  POINT(kMemberReaped)                                                   \
  POINT(kFamilyRead)                                                     \
  POINT(kSupervisorFinished)                                             \
  /* Each member. */                                                     \
  POINT(kMemberBorn)                                                     \
  POINT(kMemberForks)                                                    \
  POINT(kMemberForked)                                                   \
  POINT(kMemberGuarded)                                                  \
  POINT(kIdentityTaken)                                                  \
  POINT(kNamespaceEntered)                                               \
  /* The process between tracer and target. */                           \
  POINT(kMiddleLeaves)                                                   \
  POINT(kMiddleGone)                                                     \
  POINT(kOrphanTold)                                                     \
  /* The target. */                                                      \
  POINT(kTargetAdopted)                                                  \
  POINT(kTargetSettled)                                                  \
  POINT(kConsentGiven)                                                   \
  POINT(kTargetReady)                                                    \
  POINT(kTargetBlocks)                                                   \
  POINT(kTracemeAsked)                                                   \
  /* The tracer. */                                                      \
  POINT(kTracerSettled)                                                  \
  POINT(kTracerAwaits)                                                   \
  POINT(kTracerHears)                                                    \
  POINT(kMethodBegins)                                                   \
  POINT(kMethodTried)                                                    \
  POINT(kTargetAttached)                                                 \
  POINT(kTargetStopped)                                                  \
  POINT(kTargetReleased)                                                 \
  POINT(kTargetOpened)                                                   \
  POINT(kMethodEnds)                                                     \
  POINT(kTracerLeaves)                                                   \
  /* Node has a process examine others. */                               \
  POINT(kExaminerStarts)                                                 \
  POINT(kExaminerForked)                                                 \
  POINT(kExaminerKills)                                                  \
  POINT(kExaminerReaped)                                                 \
  POINT(kStrangerReleased)                                               \
  POINT(kStrangerOverdue)                                                \
  /* The examiners. */                                                   \
  POINT(kExaminerBorn)                                                   \
  POINT(kExaminerLinked)                                                 \
  POINT(kExaminerTimed)                                                  \
  POINT(kExaminerWiped)                                                  \
  POINT(kExaminerReady)                                                  \
  POINT(kStrangerForked)                                                 \
  POINT(kStrangerBorn)                                                   \
  POINT(kStrangerTimed)                                                  \
  POINT(kStrangerHears)                                                  \
  POINT(kStrangerReady)                                                  \
  POINT(kExaminationBegins)                                              \
  POINT(kExaminationOpened)                                              \
  POINT(kExaminationRead)                                                \
  POINT(kExaminationAsked)                                               \
  POINT(kExaminationEnds)                                                \
  POINT(kExaminationKept)                                                \
  POINT(kExaminerLeaves)

namespace ptrace_probe::fault {

enum class Point {
#define POINT(name) name,
  PTRACE_PROBE_FAULT_POINTS(POINT)
#undef POINT
};

#ifdef PTRACE_PROBE_FAULTS
void At(Point point);
void Child(pid_t pid);
void Supervisor(pid_t pid, const volatile pid_t* members);
#else
inline void At(Point) {}
// Whose numbers a fault may need: the process that Node has forked, the supervisor and its members.
inline void Child(pid_t) {}
inline void Supervisor(pid_t, const volatile pid_t*) {}
#endif

}  // namespace ptrace_probe::fault

#ifdef PTRACE_PROBE_FAULTS
#include PTRACE_PROBE_FAULTS
#endif

#endif  // PTRACE_PROBE_PROCESS_FAULT_H_
