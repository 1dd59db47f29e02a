/* rusage COMMAND...: runs a command without input and output, and prints the milliseconds of CPU that
   it and what it waited for have used (getrusage(2), RUSAGE_CHILDREN). Its exit status is that of the
   command. */

#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static double milliseconds(struct timeval time) {
  return time.tv_sec * 1e3 + time.tv_usec / 1e3;
}

int main(int argc, char** argv) {
  if (argc < 2) return 127;
  const pid_t pid = fork();
  if (pid == 0) {
    const int null = open("/dev/null", O_RDWR);
    for (int fd = 0; fd < 3; fd++) dup2(null, fd);
    execvp(argv[1], argv + 1);
    _exit(127);
  }
  int status;
  struct rusage used;
  if (pid < 0 || waitpid(pid, &status, 0) != pid || getrusage(RUSAGE_CHILDREN, &used) != 0) return 127;
  printf("%.3f\n", milliseconds(used.ru_utime) + milliseconds(used.ru_stime));
  return WIFEXITED(status) ? WEXITSTATUS(status) : 127;
}
