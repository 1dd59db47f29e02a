// What a test build does at the points of native/process/fault.h.
//
// CHAOS_ORDERS is read when Node starts a measurement or an examination. It holds up to four
// orders: "POINT,FAMILY,COUNT,WHO,SIGNAL,MS;…". At that point, in that family (-1: in any), the
// COUNTth time in the life of a process and its ancestors, WHO gets the signal; the signal 0 delays
// the process for MS milliseconds instead. Async-signal-safe.

#ifndef PTRACE_PROBE_TEST_CHAOS_NATIVE_FAULTS_H_
#define PTRACE_PROBE_TEST_CHAOS_NATIVE_FAULTS_H_

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace ptrace_probe::fault {

// In the order of `whos` in test/chaos/points.ts.
enum class Who : int { kSelf, kNode, kChild, kSupervisor, kTracer, kTarget, kMiddle, kNamed };
constexpr int kFirstMember = static_cast<int>(Who::kTracer);

struct Order {
  int point;
  int family;
  int count;
  int who;
  int signal;
  int ms;
};

constexpr int kMaxOrders = 4;

// Each fork copies it.
struct State {
  Order orders[kMaxOrders];
  int order_count;
  int family;
  pid_t node;
  pid_t child;
  pid_t supervisor;
  const volatile pid_t* members;
};
inline State state;

inline void Load() {
  state = {};
  state.family = -1;
  state.node = ::getpid();
  const char* at = ::getenv("CHAOS_ORDERS");
  while (at != nullptr && *at != '\0' && state.order_count < kMaxOrders) {
    int fields[6] = {};
    for (int& field : fields) {
      char* end;
      field = static_cast<int>(::strtol(at, &end, 10));
      at = *end == ',' || *end == ';' ? end + 1 : end;
    }
    state.orders[state.order_count++] = {fields[0], fields[1], fields[2],
                                         fields[3], fields[4], fields[5]};
  }
}

inline pid_t NumberOf(int who) {
  switch (static_cast<Who>(who)) {
    case Who::kSelf:
      return static_cast<pid_t>(::syscall(SYS_getpid));
    case Who::kNode:
      return state.node;
    case Who::kChild:
      return state.child;
    case Who::kSupervisor:
      return state.supervisor;
    default:
      return state.members == nullptr ? 0 : state.members[who - kFirstMember];
  }
}

inline void CarryOut(const Order& order) {
  if (order.signal == 0) {
    const timespec time{order.ms / 1000, order.ms % 1000 * 1000000L};
    ::syscall(SYS_nanosleep, &time, nullptr);
    return;
  }
  const pid_t pid = NumberOf(order.who);
  if (pid > 1) ::syscall(SYS_kill, static_cast<long>(pid), order.signal);
}

inline void At(Point point) {
  const int error = errno;
  if (point == Point::kMeasurementStarts || point == Point::kExaminerStarts) Load();
  if (point == Point::kFamilyBegins) ++state.family;
  for (int i = 0; i < state.order_count; ++i) {
    Order& order = state.orders[i];
    if (order.point != static_cast<int>(point)) continue;
    if (order.family >= 0 && order.family != state.family) continue;
    if (--order.count == 0) CarryOut(order);
  }
  errno = error;
}

inline void Child(pid_t pid) {
  state.child = pid;
}

inline void Supervisor(pid_t pid, const volatile pid_t* members) {
  state.supervisor = pid;
  state.members = members;
}

}  // namespace ptrace_probe::fault

#endif  // PTRACE_PROBE_TEST_CHAOS_NATIVE_FAULTS_H_
