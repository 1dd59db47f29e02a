/* An addon with one function: forks this Node, waits for the child, and answers the milliseconds. */
#include <node_api.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static napi_value bare_fork(napi_env env, napi_callback_info info) {
  (void)info;
  const double start = now();
  const pid_t child = fork();
  if (child == 0) _exit(0);
  if (child > 0) waitpid(child, NULL, 0);
  napi_value result;
  napi_create_double(env, now() - start, &result);
  return result;
}

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, NULL, 0, bare_fork, NULL, &function);
  return function;
}
