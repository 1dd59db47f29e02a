/*
 * A library that seizes the process SEIZE_PID as soon as it is loaded, and says in SEIZE_ERRNO what
 * came of it. So a Node that loads it is the tracer itself, and not a debugger that it starts. A
 * tracer is a thread: with the one that seizes ends the tracing, and no stop is ever reported to
 * Node, which would take it for the end of a child.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>

static void* seize(void* answer) {
  const char* pid = getenv("SEIZE_PID");
  if (ptrace(PTRACE_SEIZE, pid == NULL ? 0 : atoi(pid), 0, 0) != 0) *(int*)answer = errno;
  return NULL;
}

__attribute__((constructor)) static void try_once(void) {
  pthread_t thread;
  char text[16];
  int answer = 0;
  int failed = pthread_create(&thread, NULL, seize, &answer);
  if (failed == 0) failed = pthread_join(thread, NULL);
  snprintf(text, sizeof text, "%d", failed == 0 ? answer : -failed);
  setenv("SEIZE_ERRNO", text, 1);
}
