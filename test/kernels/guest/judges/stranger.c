/*
 * stranger: runs a command as a process that is no relation of the one that started this.
 *
 *   stranger COMMAND [ARGUMENT...]
 *
 * Ends at once. The command begins when its parent has died, and another process has adopted it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static int fail(const char* what) {
  perror(what);
  return 126;
}

int main(int argc, char** argv) {
  int go[2];
  char byte = 0;
  if (argc < 2 || pipe2(go, O_CLOEXEC) != 0) return fail("stranger");
  pid_t parent = fork();
  if (parent == 0) {
    if (fork() != 0) _exit(0);
    close(go[1]);
    if (read(go[0], &byte, 1) != 1) _exit(126);
    execvp(argv[1], argv + 1);
    _exit(fail(argv[1]));
  }
  if (parent < 0 || waitpid(parent, NULL, 0) != parent) return fail("stranger");
  return write(go[1], &byte, 1) == 1 ? 0 : fail("stranger");
}
