/*
 * obeys: a target that carries out a remedy once it is told to.
 *
 *   obeys named|dumpable
 *
 * Reads a number, carries out the statement that is compiled in, prints "done", and sleeps. What is
 * to become dumpable is not dumpable before.
 */
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char** argv) {
  int tracer_pid = 0;
  int is_named = argc > 1 && strcmp(argv[1], "named") == 0;
  if (!is_named) prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  puts("ready");
  fflush(stdout);
  if (scanf("%d", &tracer_pid) != 1) return 1;
  if (is_named) {
    NAME_THE_TRACER
  } else {
    BECOME_DUMPABLE
  }
  puts("done");
  fflush(stdout);
  for (;;) pause();
}
