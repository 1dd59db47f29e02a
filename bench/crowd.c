/*
 * crowd COUNT: that many sleeping processes. Prints "ready" when they are there, and ends with them
 * at the end of its input.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char** argv) {
  const int count = argc > 1 ? atoi(argv[1]) : 0;
  const pid_t parent = getpid();
  for (int i = 0; i < count; i++) {
    const pid_t child = fork();
    if (child < 0) {
      perror("fork");
      return 1;
    }
    if (child == 0) {
      // The parent may have ended before it could be waited for.
      if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) _exit(1);
      for (;;) pause();
    }
  }
  puts("ready");
  fflush(stdout);
  return getchar() == EOF ? 0 : 1;
}
