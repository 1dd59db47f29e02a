// The engine without Node: measures a plan and examines processes, again and again.
//
//   driver TIMES <PLAN
//
// The plan is one of lib/, as numbers: how many families there are, and of each its identity,
// consent, tree and methods by their places in the lists of words (native/addon/words.h). What was
// found goes to standard output without the numbers of processes, so that two builds can be
// compared.

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>

#include "examine/examiner.h"
#include "examine/file_privileges.h"
#include "probe/measurement.h"

namespace ptrace_probe {
namespace {

constexpr int kDeadlineMs = 120000;  // valgrind is slow
constexpr uid_t kNobody = 65534;

[[noreturn]] void Fail(const char* what) {
  fprintf(stderr, "driver: %s: errno %d\n", what, errno);
  exit(1);
}

int ReadNumber() {
  int number;
  if (scanf("%d", &number) != 1) Fail("the plan ends too early");
  return number;
}

template <typename Enum>
Enum ReadWord() {
  return static_cast<Enum>(ReadNumber());
}

FamilySpec ReadFamily() {
  FamilySpec family{};
  family.identity = ReadWord<Identity>();
  family.consent = ReadWord<Consent>();
  family.tree.tracer_parent = ReadWord<Parent>();
  family.tree.target_parent = ReadWord<Parent>();
  family.tree.middle = ReadWord<Middle>();
  family.tree.tracer_adopts = ReadNumber() != 0;
  family.method_count = static_cast<uint8_t>(ReadNumber());
  for (int i = 0; i < family.method_count; ++i) family.methods[i] = ReadWord<Method>();
  return family;
}

User Nobody() {
  User user{};
  user.uid = kNobody;
  user.gid = kNobody;
  user.group_count = 1;
  user.groups[0] = kNobody;
  return user;
}

void Measure(const FamilySpec* families, uint32_t count) {
  auto measurement = std::make_unique<Measurement>();
  Arena* arena = measurement->arena();
  if (arena == nullptr) Fail("mmap");
  arena->deadline_ms = kDeadlineMs;
  arena->attempt_ms = kDeadlineMs;
  arena->users[0] = Nobody();
  arena->family_count = count;
  for (uint32_t i = 0; i < count; ++i) arena->families[i] = families[i];
  if (!measurement->Start()) Fail(measurement->failed_call());
  measurement->Wait();
  if (!arena->finished) {
    errno = arena->abort.error;
    fprintf(stderr, "driver: the supervisor's wait status is %x\n", measurement->status());
    Fail("the measurement was not finished");
  }
  for (uint32_t i = 0; i < count; ++i) {
    for (int j = 0; j < families[i].method_count; ++j) {
      const Outcome& outcome = arena->outcomes[i][j];
      printf("%u.%d: step %d, errno %d, signal %d\n",
             i,
             j,
             static_cast<int>(outcome.step),
             outcome.error,
             outcome.signal);
    }
  }
}

void Print(const char* what, const ProcessExamination& found) {
  const Examination& process = found.process;
  printf("%s: '%s', %d threads, oracles %d %d %d %d, closer %d, looked at %d\n",
         what,
         process.target.stat.name,
         process.target.stat.threads,
         process.answers.pidfd_getfd.error,
         process.answers.vm_read.error,
         process.answers.proc_mem.error,
         process.answers.read.error,
         process.closer.taken,
         found.threads.looked_at);
}

void ExamineAs(Tracer first, uint32_t tracers, const pid_t* pids, uint32_t count) {
  auto examiner = std::make_unique<Examiner>(tracers, count);
  ExamineRequest* request = examiner->request();
  if (request == nullptr) Fail("mmap");
  request->user = Nobody();
  request->oracles = kAllOracles;
  request->deadline_ms = kDeadlineMs;
  request->runs[0].tracer = first;
  if (tracers == 2) request->runs[1].tracer = Tracer::kStranger;
  for (uint32_t i = 0; i < tracers; ++i) {
    for (uint32_t j = 0; j < count; ++j) examiner->results(i)[j].process.pid = pids[j];
  }
  if (!examiner->Start()) Fail(examiner->failed_call());
  examiner->Wait();
  for (uint32_t i = 0; i < tracers; ++i) {
    const TracerRun& run = request->runs[i];
    printf("tracer %d: errno %d, %u done\n", static_cast<int>(run.tracer), run.error, run.done);
    for (uint32_t j = 0; j < run.done; ++j) Print("  forked", examiner->results(i)[j]);
  }
}

// A process with two threads that waits for the end of the pipe.
pid_t MakeTarget(int ready, int hold) {
  const pid_t pid = fork();
  if (pid != 0) return pid;
  pthread_t thread;
  const auto wait = [](void* fd) -> void* {
    char byte;
    const ssize_t n = read(*static_cast<int*>(fd), &byte, 1);
    _exit(n == 0 ? 0 : 1);
  };
  if (pthread_create(&thread, nullptr, wait, &hold) != 0) _exit(1);
  if (write(ready, "", 1) != 1) _exit(1);
  for (;;) pause();
}

int OpenDescriptors() {
  DIR* directory = opendir("/proc/self/fd");
  if (directory == nullptr) Fail("/proc/self/fd");
  int count = 0;
  while (readdir(directory) != nullptr) ++count;
  closedir(directory);
  return count;
}

void RunAll(const FamilySpec* families, uint32_t count, const pid_t* pids, uint32_t pid_count) {
  Measure(families, count);
  for (uint32_t i = 0; i < pid_count; ++i) {
    auto found = std::make_unique<ProcessExamination>();
    Examine(pids[i], kAllOracles, found.get());
    Print("here", *found);
  }
  ExamineAs(Tracer::kChild, 1, pids, pid_count);
  ExamineAs(Tracer::kStranger, 1, pids, pid_count);
  ExamineAs(Tracer::kUser, 1, pids, pid_count);
  ExamineAs(Tracer::kChild, 2, pids, pid_count);
  const FilePrivileges privileges = ReadFilePrivileges("/proc/self/exe");
  printf("privileges: errno %d, %zu bytes\n", privileges.error, privileges.size);
}

int Main(int times) {
  FamilySpec families[kMaxFamilies];
  const uint32_t count = static_cast<uint32_t>(ReadNumber());
  if (count > kMaxFamilies) Fail("too many families");
  for (uint32_t i = 0; i < count; ++i) families[i] = ReadFamily();
  int ready[2], hold[2];
  if (pipe(ready) != 0 || pipe(hold) != 0) Fail("pipe");
  const pid_t target = MakeTarget(ready[1], hold[0]);
  char byte;
  if (target < 0 || read(ready[0], &byte, 1) != 1) Fail("no target");
  constexpr pid_t kNone = 4194305;  // more than a kernel gives (proc(5), pid_max)
  const pid_t pids[] = {target, 1, getpid(), kNone};
  constexpr uint32_t kPids = sizeof pids / sizeof *pids;
  RunAll(families, count, pids, kPids);
  const int open_before = OpenDescriptors();
  for (int i = 1; i < times; ++i) RunAll(families, count, pids, kPids);
  const int open_after = OpenDescriptors();
  kill(target, SIGKILL);
  waitpid(target, nullptr, 0);
  printf("%d descriptors more\n", open_after - open_before);
  return open_after == open_before ? 0 : 1;
}

}  // namespace
}  // namespace ptrace_probe

int main(int argc, char** argv) {
  return ptrace_probe::Main(argc > 1 ? atoi(argv[1]) : 1);
}
