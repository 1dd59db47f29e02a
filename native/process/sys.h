// The system calls of the supervisor and its families, without libc's wrappers.
//
// Between fork and _exit of a multi-threaded process only async-signal-safe code may run, and the
// supervisor gives most of Node's memory back (inherited_memory.h), the heap that libc's own fork()
// and atfork handlers use included. syscall(2) touches nothing but the calling thread's errno.

#ifndef PTRACE_PROBE_PROCESS_SYS_H_
#define PTRACE_PROBE_PROCESS_SYS_H_

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef PR_SET_PTRACER
#define PR_SET_PTRACER 0x59616d61
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_restrict_self 446
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

namespace ptrace_probe::sys {

// Forks. The kernel itself writes the child's number to `number`, in both processes and before the
// child runs (clone(2), CLONE_PARENT_SETTID and CLONE_CHILD_SETTID). So a process knows its own
// number where a seccomp filter answers getpid(2), and a filter that answers clone(2) with 0 is not
// taken for a new process. An emulator may write it in the child only.
inline pid_t Fork(pid_t* number) {
  *number = 0;
  const long flags = SIGCHLD | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID;
  // The last two arguments change places between processors; one of them is not looked at.
#ifdef __s390x__
  const long pid = ::syscall(SYS_clone, 0L, flags, number, number, number);
#else
  const long pid = ::syscall(SYS_clone, flags, 0L, number, number, number);
#endif
  if (pid < 0) return -1;
  const bool is_confirmed = pid == 0 ? *number > 0 : *number == 0 || *number == pid;
  if (!is_confirmed) {
    errno = EPERM;
    return -1;
  }
  if (pid > 0) *number = static_cast<pid_t>(pid);
  return static_cast<pid_t>(pid);
}

[[noreturn]] inline void Exit(int status) {
  for (;;) ::syscall(SYS_exit_group, status);
}

// A filter may answer these two: what they say is compared, but never used as the number of a
// process to signal or trace.
inline pid_t GetPid() {
  return static_cast<pid_t>(::syscall(SYS_getpid));
}
inline pid_t GetParentPid() {
  return static_cast<pid_t>(::syscall(SYS_getppid));
}

inline long Prctl(int option, unsigned long arg) {
  return ::syscall(SYS_prctl, option, arg, 0L, 0L, 0L);
}

// Whether a number can be that of a process of ours. To kill(2) and ptrace(2) the others mean
// something else: 0 and -1 are groups of processes, 1 is the first process of the machine.
inline bool CanBeOurs(pid_t pid) {
  return pid > 1;
}

// Answers ESRCH to a number that cannot be that of a process of ours.
inline long Ptrace(long request, pid_t pid, unsigned long data) {
  if (!CanBeOurs(pid)) {
    errno = ESRCH;
    return -1;
  }
  return ::syscall(SYS_ptrace, request, static_cast<long>(pid), 0L, data);
}

inline long TraceMe() {
  return ::syscall(SYS_ptrace, PTRACE_TRACEME, 0L, 0L, 0L);
}

// Makes a call again that a signal has interrupted (signal(7)), but not without end: a seccomp
// filter may answer EINTR each time. Our processes get far fewer signals than this.
constexpr int kMostInterrupts = 10000;

template <typename Call>
long Persist(Call call) {
  long result = call();
  for (int i = 1; i < kMostInterrupts && result < 0 && errno == EINTR; ++i) result = call();
  return result;
}

inline ssize_t Read(int fd, void* buffer, size_t size) {
  return Persist([=] { return ::syscall(SYS_read, fd, buffer, size); });
}

inline ssize_t Write(int fd, const void* buffer, size_t size) {
  return Persist([=] { return ::syscall(SYS_write, fd, buffer, size); });
}

inline int Open(const char* path) {
  return static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0));
}

inline void Close(int fd) {
  if (fd >= 0) ::syscall(SYS_close, fd);
}

inline bool Pipe(int ends[2]) {
  return ::syscall(SYS_pipe2, ends, O_CLOEXEC) == 0;
}

// The standard input is always open, here and in Node. So a 0 is a filter's invention, and to close
// it would close the input.
inline int PidfdOpen(pid_t pid) {
  const int pidfd = static_cast<int>(::syscall(SYS_pidfd_open, static_cast<long>(pid), 0L));
  if (pidfd != 0) return pidfd;
  errno = ENOSYS;
  return -1;
}

// Neither of these two signals anything but a process that can be ours, or the group that it leads.
inline void Kill(pid_t pid, int signal) {
  if (CanBeOurs(pid)) ::syscall(SYS_kill, static_cast<long>(pid), signal);
}
inline void KillGroup(pid_t leader, int signal) {
  if (CanBeOurs(leader)) ::syscall(SYS_kill, -static_cast<long>(leader), signal);
}

// Waits for one process and leaves it to be waited for again, so that its PID stays taken until the
// supervisor reaps it.
inline bool Await(pid_t pid, int options, siginfo_t* info) {
  return Persist([=] {
           return ::syscall(
               SYS_waitid, P_PID, static_cast<long>(pid), info, options | __WALL, nullptr);
         }) == 0;
}

// Reaps a child, or any child for -1 (wait4(2)); its number, 0 if none has ended, or -1.
inline pid_t Reap(pid_t pid, int* status, int options) {
  return static_cast<pid_t>(Persist([=] {
    return ::syscall(SYS_wait4, static_cast<long>(pid), status, options | __WALL, nullptr);
  }));
}

// Whether `pid` is a child of this process that has not been waited for, so that its number cannot
// be another process's. Where a filter refuses waitid(2), wait4(2) is asked, which reaps a child
// that has ended: there is nothing left to kill then.
inline bool IsOwnChild(pid_t pid) {
  siginfo_t info{};
  if (!CanBeOurs(pid)) return false;
  if (Await(pid, WEXITED | WNOHANG | WNOWAIT, &info)) return true;
  int status = 0;
  return errno != ECHILD && Reap(pid, &status, WNOHANG) == 0;
}

// The time since boot in microseconds; false: the clock cannot be read (a seccomp filter).
inline bool ReadClock(int64_t* us) {
  timespec now{};
  if (::syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now) != 0) return false;
  *us = static_cast<int64_t>(now.tv_sec) * 1000000 + now.tv_nsec / 1000;
  return true;
}

// Waits until one of the descriptors can be read or has ended: how many of them, 0 when `limit_ms`
// passed first, or -1. Needs no clock: the kernel counts down what is left (ppoll(2), "C library/
// kernel differences"), also when a signal interrupts it. A filter that answers EINTR does not.
inline long Poll(pollfd* fds, unsigned count, int64_t limit_ms) {
  if (limit_ms < 0) limit_ms = 0;
  timespec left{limit_ms / 1000, limit_ms % 1000 * 1000000};
  for (int standstill = 0;;) {
    const timespec before = left;
    const long n = ::syscall(SYS_ppoll, fds, static_cast<long>(count), &left, nullptr, size_t{8});
    if (n >= 0 || errno != EINTR) return n;
    const bool is_counted = left.tv_sec != before.tv_sec || left.tv_nsec != before.tv_nsec;
    if (!is_counted && ++standstill == kMostInterrupts) return n;
  }
}

}  // namespace ptrace_probe::sys

#endif  // PTRACE_PROBE_PROCESS_SYS_H_
