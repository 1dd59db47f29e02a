/*
 * cage: the processes that a chaos run needs besides Node.
 *
 *   cage init COMMAND...            is PID 1: runs the command, reaps every orphan, and ends with it
 *   cage bystander [UID]            never to be touched: it blocks every signal, so that one that is
 *                                   sent to it stays pending and shows in /proc
 *   cage snipe FIRST DELAY SIGNAL PICK [COUNT GAP]
 *                                   after DELAY microseconds sends the signal to one of the processes
 *                                   with a number above FIRST, and again after GAP microseconds
 *   cage run OPTION... -- COMMAND   a command without some of its standard descriptors:
 *                                   close=N
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int init(char** command) {
  const pid_t main_child = fork();
  if (main_child == 0) {
    execvp(command[0], command);
    _exit(127);
  }
  for (;;) {
    int status;
    const pid_t pid = waitpid(-1, &status, __WALL);
    if (pid < 0 && errno != EINTR) return 1;
    if (pid == main_child) return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
}

static int bystander(const char* uid) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
  if (uid != NULL) {
    const unsigned id = (unsigned)strtoul(uid, NULL, 10);
    if (setgroups(0, NULL) != 0 || setgid(id) != 0 || setuid(id) != 0) return 1;
  }
  puts("ready");
  fflush(stdout);
  for (;;) pause();
}

static void pass(long us) {
  const struct timespec time = {us / 1000000, us % 1000000 * 1000};
  nanosleep(&time, NULL);
}

/* A pidfd, because the number may be another process's by the time of the shot. */
static void shoot(long first, int signal, unsigned long pick) {
  enum { MOST = 512 };
  int found[MOST], count = 0;
  DIR* proc = opendir("/proc");
  const struct dirent* entry;
  while (proc != NULL && (entry = readdir(proc)) != NULL && count < MOST) {
    if (!isdigit((unsigned char)entry->d_name[0])) continue;
    const int pid = atoi(entry->d_name);
    if (pid > first && pid != getpid()) found[count++] = pid;
  }
  if (proc != NULL) closedir(proc);
  if (count == 0) return;
  const int pidfd = (int)syscall(SYS_pidfd_open, found[pick % (unsigned)count], 0);
  if (pidfd < 0) return;
  syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
  close(pidfd);
}

int main(int argc, char** argv) {
  if (argc > 2 && strcmp(argv[1], "init") == 0) return init(argv + 2);
  if (argc > 1 && strcmp(argv[1], "bystander") == 0) return bystander(argv[2]);
  if (argc > 5 && strcmp(argv[1], "snipe") == 0) {
    const unsigned long pick = strtoul(argv[5], NULL, 10);
    const int shots = argc > 7 ? atoi(argv[6]) : 1;
    pass(atol(argv[3]));
    for (int i = 0; i < shots; i++) {
      if (i > 0) pass(atol(argv[7]));
      shoot(atol(argv[2]), atoi(argv[4]), pick + (unsigned long)i * 7);
    }
    return 0;
  }
  if (argc > 2 && strcmp(argv[1], "run") == 0) {
    int i = 2;
    for (; i < argc && strcmp(argv[i], "--") != 0; i++) {
      if (strncmp(argv[i], "close=", 6) == 0) close(atoi(argv[i] + 6));
    }
    if (i + 1 < argc) execvp(argv[i + 1], argv + i + 1);
    perror(argv[i < argc ? i : argc - 1]);
    return 127;
  }
  fputs("usage: cage init|bystander|snipe|run ...\n", stderr);
  return 126;
}
