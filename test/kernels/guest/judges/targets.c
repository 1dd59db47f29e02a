/*
 * targets: makes one process of every kind that a tracer may find.
 *
 *   targets [COMMAND [ARGUMENT...]]
 *
 * Prints one line of JSON with their ids (0: this one could not be made). Then it sleeps, or runs
 * the command as one more child with that line in the variable TARGETS, and ends when that ends.
 *
 *   targets --threads
 *
 * makes those that differ from thread to thread instead; a debugger may not come back from them.
 *
 *   targets --alone [named]
 *
 * is one target itself, which names its parent with PR_SET_PTRACER if told to, and prints "ready".
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void check(int failed, const char* what) {
  if (!failed) return;
  fprintf(stderr, "targets: %s: %s\n", what, strerror(errno));
  _exit(126);
}

/* The last thing that every target does: a change of ids clears the wish to end with its parent. */
static void sleep_for_ever(void) {
  check(prctl(PR_SET_PDEATHSIG, SIGKILL), "PR_SET_PDEATHSIG");
  for (;;) pause();
}

static void become(uid_t real, uid_t effective) {
  check(setgroups(0, NULL), "setgroups");
  check(setresgid(real, real, real), "setresgid");
  check(setresuid(real, effective, real), "setresuid");
  check(prctl(PR_SET_DUMPABLE, 1), "PR_SET_DUMPABLE"); /* the change of ids has cleared it */
}

static void write_file(const char* path, const char* text) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  check(fd < 0 || write(fd, text, strlen(text)) < 0, path);
  close(fd);
}

static void write_map(pid_t pid, const char* name, const char* map) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
  write_file(path, map);
}

static void plain(void) {
  become(1000, 1000);
}
static void other_user(void) {
  become(1001, 1001);
}
static void one_id(void) {
  become(1000, 1001);
}
static void root(void) {}

static void naming_any(void) {
  plain();
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY); /* EINVAL without Yama, where no consent is needed */
}

static void not_dumpable(void) {
  plain();
  check(prctl(PR_SET_DUMPABLE, 0), "PR_SET_DUMPABLE");
}

static void other_not_dumpable(void) {
  other_user();
  check(prctl(PR_SET_DUMPABLE, 0), "PR_SET_DUMPABLE");
}

static void capability(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2] = {{.permitted = 1u << CAP_NET_BIND_SERVICE}};
  check(prctl(PR_SET_KEEPCAPS, 1), "PR_SET_KEEPCAPS");
  plain();
  check((int)syscall(SYS_capset, &header, data), "capset");
}

/* The creator of a namespace has every capability over it (user_namespaces(7)). */
static void namespace_of_user(void) {
  plain();
  check(unshare(CLONE_NEWUSER), "unshare");
  write_file("/proc/self/setgroups", "deny");
  write_file("/proc/self/uid_map", "0 1000 1");
  write_file("/proc/self/gid_map", "0 1000 1");
}

static void namespace_of_user_not_dumpable(void) {
  namespace_of_user();
  check(prctl(PR_SET_DUMPABLE, 0), "PR_SET_DUMPABLE");
}

/* A process of uid 1000 in a namespace that root made, mapped by a process outside. */
static void namespace_of_root(const char* map) {
  int go[2];
  check(pipe(go), "pipe");
  pid_t self = getpid(), writer = fork();
  if (writer == 0) {
    char byte;
    close(go[1]);
    check(read(go[0], &byte, 1) != 1, "unshare");
    write_map(self, "uid_map", map);
    write_map(self, "gid_map", map);
    _exit(0);
  }
  int status = 0;
  check(unshare(CLONE_NEWUSER), "unshare");
  check(write(go[1], "", 1) != 1 || waitpid(writer, &status, 0) < 0 || status != 0, "map");
  plain();
}

static void namespace_of_root_with_map(void) {
  namespace_of_root("0 0 2000");
}
static void namespace_of_root_alike(void) {
  namespace_of_root("0 0 4294967295");
}

static int ready;

static void report(pid_t id) {
  check(write(ready, &id, sizeof id) != sizeof id, "report");
}

static void* sleeping_thread(void* unused) {
  report(gettid());
  sleep_for_ever();
  return unused;
}

static void with_thread(void) {
  pthread_t thread;
  plain();
  check(pthread_create(&thread, NULL, sleeping_thread, NULL), "pthread_create");
  sleep_for_ever();
}

static void zombie(void) {
  plain();
  report(getpid());
  _exit(0);
}

static void traced(void) {
  int go[2];
  char byte = 0;
  check(pipe2(go, O_CLOEXEC), "pipe");
  pid_t target = getpid(), tracer = fork();
  if (tracer == 0) {
    check(ptrace(PTRACE_SEIZE, target, 0, 0) < 0, "PTRACE_SEIZE");
    check(write(go[1], &byte, 1) != 1, "write");
    report(target);
    plain(); /* the end of its parent, a process of this user, must be able to end it */
    sleep_for_ever();
  }
  close(go[1]);
  /* Before it changes its ids: in a container the tracer may have no CAP_SYS_PTRACE. */
  check(read(go[0], &byte, 1) != 1, "tracer");
  plain();
  sleep_for_ever();
}

/* Its first thread has no tracer, the other has. */
static void thread_traced(void) {
  int go[2], done[2];
  pid_t tid = 0;
  pthread_t thread;
  check(pipe2(go, O_CLOEXEC) || pipe2(done, O_CLOEXEC), "pipe");
  pid_t target = getpid();
  plain();
  if (fork() == 0) {
    check(read(go[0], &tid, sizeof tid) != sizeof tid, "read");
    check(ptrace(PTRACE_SEIZE, tid, 0, 0) < 0, "PTRACE_SEIZE");
    report(target);
    sleep_for_ever();
  }
  int before = ready;
  ready = go[1]; /* the thread says its number there */
  check(pthread_create(&thread, NULL, sleeping_thread, NULL), "pthread_create");
  close(before);
  sleep_for_ever();
}

/* Raw calls: those of libc change the ids of all threads. */
static void become_alone(uid_t id) {
  check((int)syscall(SYS_setgroups, 0, NULL), "setgroups");
  check((int)syscall(SYS_setresgid, id, id, id), "setresgid");
  check((int)syscall(SYS_setresuid, id, id, id), "setresuid");
}

static void* other_thread(void* done) {
  become_alone(1001);
  check(write(*(int*)done, "", 1) != 1, "write");
  sleep_for_ever();
  return NULL;
}

static void thread_other_user(void) {
  int done[2];
  char byte;
  pthread_t thread;
  check(pipe2(done, O_CLOEXEC), "pipe");
  check(pthread_create(&thread, NULL, other_thread, &done[1]), "pthread_create");
  check(read(done[0], &byte, 1) != 1, "thread");
  become_alone(1000);
  check(prctl(PR_SET_DUMPABLE, 1), "PR_SET_DUMPABLE");
}

static int is_in_state(char state, pid_t process, pid_t tid) {
  char path[64], text[512] = "";
  snprintf(path, sizeof path, "/proc/%d/task/%d/stat", process, tid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t n = read(fd, text, sizeof text - 1);
  close(fd);
  const char* end = n > 0 ? strrchr(text, ')') : NULL;
  return end != NULL && end[2] == state;
}

/* It executes a program, and has to wait for a tracer that never takes notice of a dead thread. */
static void executing(void) {
  int go[2], seized[2];
  char byte;
  pid_t tid = 0;
  pthread_t thread;
  check(pipe2(go, O_CLOEXEC) || pipe2(seized, O_CLOEXEC), "pipe");
  pid_t target = getpid();
  plain();
  if (fork() == 0) {
    check(read(go[0], &tid, sizeof tid) != sizeof tid, "read");
    check(ptrace(PTRACE_SEIZE, tid, 0, 0) < 0, "PTRACE_SEIZE");
    check(write(seized[1], "", 1) != 1, "write");
    while (!is_in_state('Z', target, tid)) sched_yield();
    report(target);
    sleep_for_ever();
  }
  check(prctl(PR_SET_PDEATHSIG, SIGKILL), "PR_SET_PDEATHSIG");
  ready = go[1];
  check(pthread_create(&thread, NULL, sleeping_thread, NULL), "pthread_create");
  check(read(seized[0], &byte, 1) != 1, "tracer");
  execl("/proc/self/exe", "targets", "--alone", NULL);
  check(1, "execve");
}

/* It waits for its child, and stops for no tracer. */
static void vfork_parent(void) {
  plain();
  pid_t target = getpid();
  check(prctl(PR_SET_PDEATHSIG, SIGKILL), "PR_SET_PDEATHSIG");
  if (vfork() == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (!is_in_state('D', target, target)) sched_yield();
    report(target);
    close(ready);
    for (;;) pause();
  }
  sleep_for_ever();
}

typedef struct {
  const char* name;
  void (*become)(void);
} kind;

static const kind kinds[] = {
    {"plain", plain},
    {"naming-any", naming_any},
    {"not-dumpable", not_dumpable},
    {"other-user", other_user},
    {"other-not-dumpable", other_not_dumpable},
    {"one-id", one_id},
    {"root", root},
    {"capability", capability},
    {"namespace-of-user", namespace_of_user},
    {"namespace-of-user-not-dumpable", namespace_of_user_not_dumpable},
    {"namespace-of-root", namespace_of_root_with_map},
    {"namespace-of-root-alike", namespace_of_root_alike},
    {"zombie", zombie},
    {"already-traced", traced},
    {"thread", with_thread},
};

static const kind kinds_of_threads[] = {
    {"thread-traced", thread_traced},
    {"thread-other-user", thread_other_user},
    {"executing", executing},
    {"vfork-parent", vfork_parent},
};

/* Its id, or 0 if it could not become what it should. */
static pid_t make(void (*become)(void)) {
  int ends[2];
  pid_t id = 0;
  check(pipe2(ends, O_CLOEXEC), "pipe");
  if (fork() == 0) {
    close(ends[0]);
    ready = ends[1];
    become();
    report(getpid());
    close(ready);
    sleep_for_ever();
  }
  close(ends[1]);
  if (read(ends[0], &id, sizeof id) != sizeof id) id = 0;
  close(ends[0]);
  return id;
}

static int alone(int named) {
  if (named) prctl(PR_SET_PTRACER, getppid());
  puts("ready");
  fflush(stdout);
  sleep_for_ever();
  return 0;
}

int main(int argc, char** argv) {
  static char line[4096];
  size_t used = 0;
  if (argc > 1 && strcmp(argv[1], "--alone") == 0) return alone(argc > 2);
  int threads = argc > 1 && strcmp(argv[1], "--threads") == 0;
  const kind* made = threads ? kinds_of_threads : kinds;
  size_t count = threads ? sizeof kinds_of_threads / sizeof *kinds_of_threads
                         : sizeof kinds / sizeof *kinds;
  for (size_t i = 0; i < count; i++) {
    used += (size_t)snprintf(line + used,
                             sizeof line - used,
                             "%s\"%s\":%d",
                             i == 0 ? "{" : ",",
                             made[i].name,
                             make(made[i].become));
  }
  snprintf(line + used, sizeof line - used, "}");
  if (argc == 1 || threads) {
    puts(line);
    fflush(stdout);
    sleep_for_ever();
  }
  setenv("TARGETS", line, 1);
  pid_t command = fork();
  if (command == 0) {
    execvp(argv[1], argv + 1);
    check(1, argv[1]);
  }
  int status = 0;
  while (waitpid(command, &status, 0) < 0 && errno == EINTR)
    ;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
