/*
 * cells: what the kernel of this machine lets one process do to another, cell by cell.
 *
 * The judge of the kernel lane and the yardstick of the benchmark. It shares no code with the
 * addon, so that the two can only agree by both being right.
 *
 *   cells [-t] <ids
 *
 * reads cell ids, one a line, `identity/relation[+consent]/method`, and prints for each
 * `id status errno signal`, with `--` where there is none. -t adds `# us N`: the microseconds that
 * all the cells took. Consecutive cells that differ in the method only share one family of fresh
 * processes:
 *
 *   supervisor (this process, a subreaper) -> tracer, target, and the other processes that the relation needs
 *
 * The tracer tells the target what to do over the `order` pipe; the target answers over `reply`.
 * A closed pipe or the death of its parent ends every member, so a family cannot outlive its
 * tracer.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

enum { FAMILY_SECONDS = 10 };

enum status { INCONCLUSIVE, ALLOWED, DENIED, UNAVAILABLE };
enum identity { CALLER, UNPRIVILEGED, OWNER, USER };
enum relation { CHILD, GRANDCHILD, PARENT, SIBLING, ORPHAN, ADOPTED };
enum consent { NONE, TRACER, ANCESTOR, ANY, REVOKED, UNRELATED };
enum method { ATTACH, SEIZE, TRACEME, VM_READ, PROC_MEM, PIDFD_GETFD };

static const char* const statuses[] = {"inconclusive", "allowed", "denied", "unavailable", NULL};
static const char* const identities[] = {"caller", "unprivileged", "owner", NULL};
static const char* const relations[] =
    {"child", "grandchild", "parent", "sibling", "orphan", "adopted", NULL};
static const char* const consents[] =
    {"none", "tracer", "ancestor", "any", "revoked", "unrelated", NULL};
static const char* const methods[] =
    {"attach", "seize", "traceme", "vm-read", "proc-mem", "pidfd-getfd", NULL};

struct cell {
  char* id;
  int identity, relation, consent, method;
  const char* user;
  uid_t uid;
  gid_t gid;
  int user_error; /* of the look-up of `user` */
};

struct outcome {
  int status, error, signal;
};

/* What a family tells the supervisor. Shared memory: it survives the death of the process that wrote it. */
struct board {
  pid_t tracer, target, unrelated;
  int order_fd;      /* the target's end of `order`: the descriptor that pidfd_getfd takes */
  int tracer_status; /* as the target saw it, when the target is the tracer's parent */
  bool armed;        /* the target was ready: from here on a signal is a result */
  size_t next;       /* the cell that is being tried */
  struct outcome setup;
  struct outcome outcomes[];
};

struct reply {
  pid_t pid;
  struct outcome outcome;
};

static struct cell* cells;
static size_t cell_count;
static struct board* board;
static pid_t supervisor;
static int order[2], reply[2], adopted[2];

/* Each target writes its own pid here: a reader that got another number read another process. */
static volatile int64_t witness;

/* ---- members ---------------------------------------------------------------------------- */

static struct outcome failed(int status) {
  bool ours = errno == EAGAIN || errno == ENOMEM || errno == EINTR;
  return (struct outcome){ours ? INCONCLUSIVE : status, errno, 0};
}

static bool drop_ptrace_capability(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2];
  if (syscall(SYS_capget, &header, data) != 0) return false;
  data[CAP_TO_INDEX(CAP_SYS_PTRACE)].effective &= ~CAP_TO_MASK(CAP_SYS_PTRACE);
  data[CAP_TO_INDEX(CAP_SYS_PTRACE)].permitted &= ~CAP_TO_MASK(CAP_SYS_PTRACE);
  return syscall(SYS_capset, &header, data) == 0;
}

static bool become(const struct cell* cell) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
  if (cell->user_error != 0) {
    errno = cell->user_error;
    return false;
  }
  return setgroups(1, &cell->gid) == 0 && setresgid(cell->gid, cell->gid, cell->gid) == 0 &&
         setresuid(cell->uid, cell->uid, cell->uid) == 0 && syscall(SYS_capset, &header, none) == 0;
}

static bool assume(const struct cell* cell) {
  if (cell->identity == CALLER) return true;
  return cell->identity == USER ? become(cell) : drop_ptrace_capability();
}

/* After the change of ids, which clears both. */
static void tie_to_parent(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  prctl(PR_SET_DUMPABLE, 1);
}

static void close_end(int pipe_ends[2], int end) {
  if (pipe_ends[end] >= 0) close(pipe_ends[end]);
  pipe_ends[end] = -1;
}

static void close_both(int pipe_ends[2]) {
  close_end(pipe_ends, 0);
  close_end(pipe_ends, 1);
}

/* A process that only has to exist. */
_Noreturn static void linger(pid_t parent) {
  close_both(order);
  close_both(reply);
  close_both(adopted);
  tie_to_parent(parent);
  for (;;) pause();
}

static pid_t fork_or_give_up(void) {
  pid_t pid = fork();
  if (pid >= 0) return pid;
  board->setup = failed(INCONCLUSIVE);
  _exit(1);
}

/* ---- the target ------------------------------------------------------------------------- */

static bool give_consent(const struct cell* cell) {
  switch (cell->consent) {
    case TRACER:
      return prctl(PR_SET_PTRACER, (unsigned long)board->tracer, 0, 0, 0) == 0;
    case ANCESTOR:
      return prctl(PR_SET_PTRACER, (unsigned long)supervisor, 0, 0, 0) == 0;
    case ANY:
      return prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0) == 0;
    case REVOKED:
      return prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0) == 0 &&
             prctl(PR_SET_PTRACER, 0, 0, 0, 0) == 0;
    case UNRELATED:
      return prctl(PR_SET_PTRACER, (unsigned long)board->unrelated, 0, 0, 0) == 0;
    default:
      return true;
  }
}

static void answer(struct outcome outcome) {
  struct reply message = {getpid(), outcome};
  if (write(reply[1], &message, sizeof message) != sizeof message) _exit(1);
}

static void trace_me(void) {
  struct outcome outcome = {ALLOWED, 0, 0};
  if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0) outcome = failed(DENIED);
  answer(outcome);
  if (outcome.status == ALLOWED) raise(SIGSTOP);
}

_Noreturn static void run_tracer(const struct cell* cell, size_t end);

_Noreturn static void run_target(const struct cell* cell, size_t end, pid_t parent) {
  pid_t child = 0;
  char word;
  board->target = getpid();
  witness = getpid();

  if (cell->relation == PARENT) {
    /* Before unshare(): the tracer stays outside of the new user namespace. */
    child = fork_or_give_up();
    if (child == 0) run_tracer(cell, end);
    board->tracer = child;
  }
  close_end(order, 1);
  close_end(reply, 0);

  if (cell->relation == ORPHAN || cell->relation == ADOPTED) {
    /* The tracer closes its end after it has reaped our parent, which is after our adoption. */
    close_end(adopted, 1);
    if (read(adopted[0], &word, 1) != 1) _exit(1);
    close_end(adopted, 0);
    parent = cell->relation == ORPHAN ? supervisor : board->tracer;
  }
  /* In the other relations the tracer, an ancestor, has done it for both. */
  bool own = cell->relation == PARENT || cell->relation == SIBLING;
  bool ready = !own || assume(cell);
  tie_to_parent(parent);
  if (ready && cell->identity == OWNER) ready = unshare(CLONE_NEWUSER) == 0;
  if (ready) ready = give_consent(cell);
  board->order_fd = order[0];
  answer(ready ? (struct outcome){ALLOWED, 0, 0} : failed(UNAVAILABLE));

  while (read(order[0], &word, 1) == 1) trace_me();
  if (child > 0) waitpid(child, &board->tracer_status, 0);
  _exit(0);
}

/* ---- the tracer ------------------------------------------------------------------------- */

/* True while somebody traces the target: an EPERM then says nothing about the policy. */
static bool already_traced(pid_t target) {
  char path[40], text[1024];
  snprintf(path, sizeof path, "/proc/%d/status", (int)target);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  ssize_t length = read(fd, text, sizeof text - 1);
  close(fd);
  text[length > 0 ? length : 0] = '\0';
  const char* field = strstr(text, "\nTracerPid:");
  return field != NULL && atoi(field + 11) != 0;
}

static struct outcome refused_by_ptrace(pid_t target) {
  int error = errno;
  if (error == EPERM && already_traced(target)) return (struct outcome){INCONCLUSIVE, error, 0};
  bool denied = error == EPERM || error == EACCES || error == ENOSYS;
  return (struct outcome){denied ? DENIED : INCONCLUSIVE, error, 0};
}

static struct outcome refused(void) {
  if (errno == ENOSYS) return (struct outcome){UNAVAILABLE, errno, 0};
  bool denied = errno == EPERM || errno == EACCES;
  return (struct outcome){denied ? DENIED : INCONCLUSIVE, errno, 0};
}

/* Waits for the stop that `wanted` names and hands every other signal on to the target. */
static bool await_stop(pid_t target, int wanted) {
  int status;
  for (;;) {
    if (waitpid(target, &status, __WALL) < 0) return false;
    if (!WIFSTOPPED(status)) {
      errno = ESRCH;
      return false;
    }
    if (status >> 8 == wanted) return true;
    if (ptrace(PTRACE_CONT, target, NULL, (void*)(intptr_t)WSTOPSIG(status)) != 0) return false;
  }
}

static struct outcome stop_and_detach(pid_t target, int wanted) {
  if (await_stop(target, wanted) && ptrace(PTRACE_DETACH, target, NULL, NULL) == 0)
    return (struct outcome){ALLOWED, 0, 0};
  return (struct outcome){INCONCLUSIVE, errno, 0};
}

static struct outcome try_attach(pid_t target) {
  if (ptrace(PTRACE_ATTACH, target, NULL, NULL) != 0) return refused_by_ptrace(target);
  return stop_and_detach(target, SIGSTOP);
}

static struct outcome try_seize(pid_t target, bool last) {
  if (ptrace(PTRACE_SEIZE, target, NULL, NULL) != 0) return refused_by_ptrace(target);
  if (last) return (struct outcome){ALLOWED, 0, 0}; /* our exit lets go of it, undisturbed */
  if (ptrace(PTRACE_INTERRUPT, target, NULL, NULL) != 0)
    return (struct outcome){INCONCLUSIVE, errno, 0};
  return stop_and_detach(target, SIGTRAP | PTRACE_EVENT_STOP << 8);
}

/* Sets *lost when the target did not survive its own attempt. */
static struct outcome try_traceme(const struct cell* cell, pid_t target, bool* lost) {
  struct reply message;
  int status;
  if (cell->relation != CHILD && cell->relation != ADOPTED)
    return (struct outcome){UNAVAILABLE, 0, 0}; /* the tracer must be the target's parent */
  if (write(order[1], "t", 1) != 1) return (struct outcome){INCONCLUSIVE, errno, 0};
  if (read(reply[0], &message, sizeof message) != sizeof message) {
    *lost = true;
    if (waitpid(target, &status, __WALL) == target && WIFSIGNALED(status))
      return (struct outcome){
          WTERMSIG(status) == SIGSYS ? DENIED : INCONCLUSIVE, 0, WTERMSIG(status)};
    return (struct outcome){INCONCLUSIVE, ESRCH, 0};
  }
  if (message.outcome.status != ALLOWED) {
    errno = message.outcome.error;
    return refused_by_ptrace(target);
  }
  return stop_and_detach(target, SIGSTOP);
}

static struct outcome try_vm_read(pid_t target) {
  int64_t copy = 0;
  struct iovec local = {&copy, sizeof copy}, remote = {(void*)&witness, sizeof copy};
  ssize_t length = syscall(SYS_process_vm_readv, target, &local, 1UL, &remote, 1UL, 0UL);
  if (length < 0) return refused();
  return (struct outcome){length == sizeof copy && copy == target ? ALLOWED : INCONCLUSIVE, 0, 0};
}

static struct outcome try_proc_mem(pid_t target) {
  char path[40];
  int64_t copy = 0;
  snprintf(path, sizeof path, "/proc/%d/mem", (int)target);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    if (errno == ENOENT) return (struct outcome){UNAVAILABLE, errno, 0};
    return refused();
  }
  ssize_t length = pread(fd, &copy, sizeof copy, (off_t)(uintptr_t)&witness);
  struct outcome outcome = {copy == target ? ALLOWED : INCONCLUSIVE, 0, 0};
  if (length < 0) outcome = refused();
  close(fd);
  return outcome;
}

static struct outcome try_pidfd_getfd(pid_t target) {
  int pidfd = (int)syscall(SYS_pidfd_open, target, 0);
  if (pidfd < 0) return refused();
  struct outcome outcome = {ALLOWED, 0, 0};
  int fd = (int)syscall(SYS_pidfd_getfd, pidfd, board->order_fd, 0);
  if (fd < 0) outcome = refused();
  if (fd >= 0) close(fd);
  close(pidfd);
  return outcome;
}

static void try_cells(const struct cell* cell, pid_t target, size_t end) {
  bool lost = false;
  while (board->next < end && !lost) {
    size_t i = board->next;
    struct outcome* outcome = &board->outcomes[i];
    switch (cells[i].method) {
      case ATTACH:
        *outcome = try_attach(target);
        break;
      case SEIZE:
        *outcome = try_seize(target, i + 1 == end);
        break;
      case TRACEME:
        *outcome = try_traceme(cell, target, &lost);
        break;
      case VM_READ:
        *outcome = try_vm_read(target);
        break;
      case PROC_MEM:
        *outcome = try_proc_mem(target);
        break;
      default:
        *outcome = try_pidfd_getfd(target);
    }
    board->next = i + 1;
  }
}

/* Forks the target, or the process between the two, in the relations where the tracer does that. */
static void raise_target(const struct cell* cell, size_t end) {
  pid_t self = getpid();
  pid_t child;
  switch (cell->relation) {
    case CHILD:
      if (fork_or_give_up() == 0) run_target(cell, end, self);
      return;
    case GRANDCHILD:
      if (fork_or_give_up() != 0) return;
      child = getpid();
      if (fork_or_give_up() == 0) run_target(cell, end, child);
      linger(self);
    case ORPHAN:
    case ADOPTED:
      if (cell->relation == ADOPTED) prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
      child = fork_or_give_up();
      if (child == 0) {
        if (fork_or_give_up() == 0) run_target(cell, end, 0);
        _exit(0);
      }
      close_end(adopted, 0);
      if (waitpid(child, NULL, 0) != child || write(adopted[1], "a", 1) != 1) _exit(1);
      close_end(adopted, 1);
      return;
    default:
      return;
  }
}

_Noreturn static void run_tracer(const struct cell* cell, size_t end) {
  struct reply message;
  board->tracer = getpid();
  alarm(FAMILY_SECONDS);
  tie_to_parent(cell->relation == PARENT ? board->target : supervisor);
  if (!assume(cell)) {
    board->setup = failed(UNAVAILABLE);
    _exit(1);
  }
  tie_to_parent(cell->relation == PARENT ? board->target : supervisor);
  raise_target(cell, end);
  close_end(order, 0);
  close_end(reply, 1);
  close_both(adopted);
  if (read(reply[0], &message, sizeof message) != sizeof message) _exit(1);
  if (message.outcome.status != ALLOWED) {
    board->setup = message.outcome;
    _exit(1);
  }
  board->armed = true;
  try_cells(cell, message.pid, end);
  _exit(0);
}

/* ---- the supervisor --------------------------------------------------------------------- */

_Noreturn static void die(const char* what) {
  fprintf(stderr, "cells: %s: %s\n", what, strerror(errno));
  exit(2);
}

static pid_t fork_member(void) {
  pid_t pid = fork();
  if (pid < 0) board->setup = failed(INCONCLUSIVE);
  return pid;
}

/* The first members: all that are children of the supervisor. Returns whom to wait for. */
static pid_t found_family(const struct cell* cell, size_t end) {
  if (cell->consent == UNRELATED) {
    pid_t bystander = fork_member();
    if (bystander == 0) linger(supervisor);
    if (bystander < 0) return -1;
    board->unrelated = bystander; /* not straight from fork(): the child would write there too */
  }
  pid_t first = fork_member();
  if (first == 0 && cell->relation == PARENT) run_target(cell, end, supervisor);
  if (first == 0) run_tracer(cell, end);
  if (first < 0 || cell->relation != SIBLING) return first;
  board->tracer = first;
  pid_t target = fork_member();
  if (target == 0) run_target(cell, end, supervisor);
  if (target < 0) kill(first, SIGKILL);
  return first;
}

/* Writes down what the death of the tracer says about the cell that it was trying. */
static void record_death(int status, size_t end) {
  bool killed = WIFSIGNALED(status);
  int signal = killed ? WTERMSIG(status) : 0;
  if (!board->armed) {
    for (size_t i = board->next; i < end; i++) {
      board->outcomes[i] = board->setup;
      board->outcomes[i].signal = signal;
    }
    board->next = end;
  } else if (killed && board->next < end) {
    bool filtered = signal == SIGSYS;
    board->outcomes[board->next++] = (struct outcome){filtered ? DENIED : INCONCLUSIVE, 0, signal};
  }
}

/* Tries the cells from board->next to end, or as many as one tracer lives for. */
static void run_family(size_t end) {
  const struct cell* cell = &cells[board->next];
  int status = 0;
  bool orphans = cell->relation == ORPHAN || cell->relation == ADOPTED;
  board->tracer = board->target = board->unrelated = 0;
  board->armed = false;
  board->setup = (struct outcome){INCONCLUSIVE, 0, 0};
  board->tracer_status = 0;
  adopted[0] = adopted[1] = -1;
  if (pipe2(order, O_CLOEXEC) != 0 || pipe2(reply, O_CLOEXEC) != 0) die("pipe");
  if (orphans && pipe2(adopted, O_CLOEXEC) != 0) die("pipe");

  pid_t first = found_family(cell, end);
  close_both(order);
  close_both(reply);
  close_both(adopted);
  if (first > 0) waitpid(first, &status, 0);
  if (cell->relation == PARENT) status = board->tracer_status;
  /* Only our own children, none of them reaped yet: their pids cannot have been given away. */
  bool ours = cell->relation == SIBLING || cell->relation == ORPHAN;
  if (ours && board->target > 0) kill(board->target, SIGKILL);
  if (board->unrelated > 0) kill(board->unrelated, SIGKILL);
  while (waitpid(-1, NULL, __WALL) > 0 || errno == EINTR) continue;
  record_death(status, end);
}

/* ---- input and output ------------------------------------------------------------------- */

static int find(const char* const* words, const char* word, size_t length) {
  for (int i = 0; words[i] != NULL; i++)
    if (strlen(words[i]) == length && memcmp(words[i], word, length) == 0) return i;
  return -1;
}

/* From /etc/passwd itself: getpwnam() would need libraries that a static program has not. */
static void look_up(struct cell* cell) {
  char* rest;
  unsigned long number = strtoul(cell->user, &rest, 10);
  cell->uid = (uid_t)number;
  cell->gid = (gid_t)number;
  if (rest != cell->user && *rest == '\0') return;
  cell->user_error = ENOENT;
  FILE* file = fopen("/etc/passwd", "re");
  if (file == NULL) return;
  for (struct passwd* entry; (entry = fgetpwent(file)) != NULL;)
    if (strcmp(entry->pw_name, cell->user) == 0) {
      cell->uid = entry->pw_uid;
      cell->gid = entry->pw_gid;
      cell->user_error = 0;
      break;
    }
  fclose(file);
}

static bool parse(struct cell* cell) {
  const char* first = strchr(cell->id, '/');
  const char* second = first == NULL ? NULL : strrchr(first + 1, '/');
  if (second == NULL) return false;
  size_t length = (size_t)(first - cell->id);
  cell->identity = find(identities, cell->id, length);
  if (length > 5 && memcmp(cell->id, "user:", 5) == 0) {
    cell->identity = USER;
    cell->user = strndup(cell->id + 5, length - 5);
    if (cell->user == NULL) die("strndup");
    look_up(cell);
  }
  const char* plus = memchr(first, '+', (size_t)(second - first));
  const char* relation_end = plus == NULL ? second : plus;
  cell->relation = find(relations, first + 1, (size_t)(relation_end - first - 1));
  cell->consent = plus == NULL ? NONE : find(consents, plus + 1, (size_t)(second - plus - 1));
  cell->method = find(methods, second + 1, strlen(second + 1));
  return cell->identity >= 0 && cell->relation >= 0 && cell->consent >= 0 && cell->method >= 0;
}

static void read_cells(void) {
  char* line = NULL;
  size_t size = 0, room = 0;
  for (ssize_t length; (length = getline(&line, &size, stdin)) > 0;) {
    line[strcspn(line, "\r\n")] = '\0';
    if (line[0] == '\0') continue;
    if (cell_count == room) {
      room = room == 0 ? 64 : room * 2;
      cells = realloc(cells, room * sizeof *cells);
      if (cells == NULL) die("realloc");
    }
    cells[cell_count] = (struct cell){.id = strdup(line)};
    if (cells[cell_count].id == NULL) die("strdup");
    if (!parse(&cells[cell_count])) {
      fprintf(stderr, "cells: not a cell: %s\n", line);
      exit(2);
    }
    cell_count++;
  }
  free(line);
}

static bool same_family(const struct cell* a, const struct cell* b) {
  if (a->identity != b->identity || a->relation != b->relation || a->consent != b->consent)
    return false;
  return a->identity != USER || strcmp(a->user, b->user) == 0;
}

struct name {
  int number;
  const char* text;
};

static const struct name errors[] = {
    {EPERM, "EPERM"},
    {EACCES, "EACCES"},
    {ENOSYS, "ENOSYS"},
    {EINVAL, "EINVAL"},
    {EAGAIN, "EAGAIN"},
    {ENOMEM, "ENOMEM"},
    {ENOSPC, "ENOSPC"},
    {EUSERS, "EUSERS"},
    {ENOENT, "ENOENT"},
    {ESRCH, "ESRCH"},
    {EINTR, "EINTR"},
    {EIO, "EIO"},
    {EBADF, "EBADF"},
    {EFAULT, "EFAULT"},
    {ECHILD, "ECHILD"},
    {EMFILE, "EMFILE"},
    {0, NULL},
};
static const struct name signals[] = {{SIGSYS, "SIGSYS"},
                                      {SIGALRM, "SIGALRM"},
                                      {SIGKILL, "SIGKILL"},
                                      {SIGSEGV, "SIGSEGV"},
                                      {0, NULL}};

static const char* name_of(const struct name* names, int number, char* buffer, size_t size) {
  if (number == 0) return "--";
  for (; names->text != NULL; names++)
    if (names->number == number) return names->text;
  snprintf(buffer, size, "%d", number);
  return buffer;
}

static void print(size_t i) {
  char error[16], signal[16];
  const struct outcome* outcome = &board->outcomes[i];
  printf("%s %s %s %s\n",
         cells[i].id,
         statuses[outcome->status],
         name_of(errors, outcome->error, error, sizeof error),
         name_of(signals, outcome->signal, signal, sizeof signal));
}

int main(int argc, char** argv) {
  bool timed = argc == 2 && strcmp(argv[1], "-t") == 0;
  if (argc > 1 && !timed) {
    fprintf(stderr, "usage: cells [-t] <ids\n");
    return 2;
  }
  read_cells();
  size_t size = sizeof *board + cell_count * sizeof board->outcomes[0];
  board = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (board == MAP_FAILED) die("mmap");
  supervisor = getpid();
  signal(SIGCHLD, SIG_DFL);
  signal(SIGPIPE, SIG_IGN);
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}); /* a filter that kills would dump core */

  struct timespec begin, finish;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  while (board->next < cell_count) {
    size_t end = board->next + 1;
    while (end < cell_count && same_family(&cells[board->next], &cells[end])) end++;
    while (board->next < end) run_family(end);
  }
  clock_gettime(CLOCK_MONOTONIC, &finish);

  for (size_t i = 0; i < cell_count; i++) print(i);
  if (timed)
    printf("# us %lld\n",
           (long long)(finish.tv_sec - begin.tv_sec) * 1000000 +
               (finish.tv_nsec - begin.tv_nsec) / 1000);
  return fflush(stdout) == 0 ? 0 : 2;
}
