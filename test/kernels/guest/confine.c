/*
 * confine: runs a command under the restrictions that the kernel lane measures under.
 *
 *   confine [uid=N] [userns] [CALL[:FIRST:THIRD]=ANSWER...] -- COMMAND [ARGUMENT...]
 *
 * uid=N   switches to that uid and gid, without groups (and, from root, without capabilities)
 * userns  then makes the process root of a new user namespace
 * CALL=   then installs a seccomp filter that answers every such call so, or only those with
 *         that first and third argument
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#else
#error "confine knows x86-64 and arm64 only"
#endif

static void die(const char* what) {
  fprintf(stderr, "confine: %s: %s\n", what, strerror(errno));
  exit(126);
}

static void switch_to(unsigned long id) {
  if (setgroups(0, NULL) != 0) die("setgroups");
  if (setresgid(id, id, id) != 0) die("setresgid");
  if (setresuid(id, id, id) != 0) die("setresuid");
  /* The change of ids has cleared it, and with it the right to write to our own /proc files. */
  if (prctl(PR_SET_DUMPABLE, 1) != 0) die("prctl(PR_SET_DUMPABLE)");
}

static void write_file(const char* path, const char* text) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text)) die(path);
  close(fd);
}

static void become_root_of_namespace(void) {
  char uid_map[32], gid_map[32];
  snprintf(uid_map, sizeof uid_map, "0 %u 1", geteuid());
  snprintf(gid_map, sizeof gid_map, "0 %u 1", getegid());
  if (unshare(CLONE_NEWUSER) != 0) die("unshare");
  write_file("/proc/self/setgroups", "deny"); /* the kernel asks for it before a gid_map */
  write_file("/proc/self/uid_map", uid_map);
  write_file("/proc/self/gid_map", gid_map);
}

static const struct {
  const char* name;
  unsigned number;
} calls[] = {{"ptrace", SYS_ptrace},
             {"getpid", SYS_getpid},
             {"getppid", SYS_getppid},
             {"clone", SYS_clone},
             {"waitid", SYS_waitid},
             {"setpgid", SYS_setpgid},
             {"clock_gettime", SYS_clock_gettime},
             {"read", SYS_read},
             {"ppoll", SYS_ppoll},
             {"prctl", SYS_prctl},
             {"wait4", SYS_wait4},
             {"process_vm_readv", SYS_process_vm_readv},
             {"pidfd_open", 434},
             {"pidfd_getfd", 438}};

static const struct {
  const char* name;
  unsigned action;
} answers[] = {
    {"success", SECCOMP_RET_ERRNO | 0},
    {"eagain", SECCOMP_RET_ERRNO | EAGAIN},
    {"eintr", SECCOMP_RET_ERRNO | EINTR},
    {"ebadf", SECCOMP_RET_ERRNO | EBADF},
    {"enosys", SECCOMP_RET_ERRNO | ENOSYS},
    {"eperm", SECCOMP_RET_ERRNO | EPERM},
    {"esrch", SECCOMP_RET_ERRNO | ESRCH},
    {"kill", SECCOMP_RET_KILL_PROCESS},
};

/* Compares the lower half of an argument with what is wanted, and skips `left` more if it differs. */
#define ARGUMENT(i, wanted, left)                                              \
  BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[i])), \
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, wanted, 0, left)

/* Answers the call with those first and third arguments; null: with any. */
static void filter(unsigned number, const unsigned arguments[2], unsigned action) {
  struct sock_filter all[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, action),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_filter some[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 0, 7),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 5),
      ARGUMENT(0, arguments ? arguments[0] : 0, 3),
      ARGUMENT(2, arguments ? arguments[1] : 0, 1),
      BPF_STMT(BPF_RET | BPF_K, action),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof all / sizeof *all, all};
  if (arguments) program = (struct sock_fprog){sizeof some / sizeof *some, some};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) die("prctl(PR_SET_NO_NEW_PRIVS)");
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) die("prctl(PR_SET_SECCOMP)");
}

/* False: `option` is not CALL=ANSWER. */
static int filter_as(const char* option) {
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
    size_t length = strlen(calls[i].name);
    if (strncmp(option, calls[i].name, length) != 0) continue;
    char* end = (char*)option + length;
    unsigned arguments[2];
    int count = 0;
    while (count < 2 && *end == ':') arguments[count++] = (unsigned)strtoul(end + 1, &end, 10);
    if (*end != '=') continue;
    for (size_t j = 0; j < sizeof answers / sizeof *answers; j++) {
      if (strcmp(end + 1, answers[j].name) != 0) continue;
      filter(calls[i].number, count == 2 ? arguments : NULL, answers[j].action);
      return 1;
    }
  }
  return 0;
}

int main(int argc, char** argv) {
  int i = 1;
  for (; i < argc && strcmp(argv[i], "--") != 0; i++) {
    if (strncmp(argv[i], "uid=", 4) == 0)
      switch_to(strtoul(argv[i] + 4, NULL, 10));
    else if (strcmp(argv[i], "userns") == 0)
      become_root_of_namespace();
    else if (!filter_as(argv[i])) {
      errno = EINVAL;
      die(argv[i]);
    }
  }
  if (i + 1 >= argc) {
    fprintf(stderr, "usage: confine [uid=N] [userns] [CALL=ANSWER...] -- COMMAND...\n");
    return 126;
  }
  execvp(argv[i + 1], argv + i + 1);
  die(argv[i + 1]);
}
