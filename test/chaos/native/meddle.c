/*
 * meddle.node: what a test does to the thread that calls it. The processes that the thread forks
 * inherit it; what was started before does not.
 *
 *   filter(call, mode, error, first, last, alsoHere)
 *       A seccomp filter for one system call, by its number. `mode` is 0: fails with `error`, 1:
 *       kills, 2: SIGSYS, 3: the calls from number `first` to `last` fail with `error`, or are never
 *       answered if it is 0. In mode 3 the calls of this process itself go through and are not
 *       counted, unless `alsoHere`.
 *   limit(resource, soft)
 *       Sets a soft limit and returns the one before; -1 stands for no limit.
 *   numberOf(name)
 *       The number of a system call of CALLS, or -1.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <node_api.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#else
#error "meddle knows x86-64 and arm64 only"
#endif

static const struct {
  const char* name;
  int number;
} calls[] = {
#include "calls.h" /* made from the sources of the engine */
};

enum mode { FAIL, KILL, TRAP, ASK };

struct meddler {
  int listener;
  int here;
  int error, first, last, also_here;
};

static int thread_group(unsigned tid) {
  char path[64], text[4096];
  snprintf(path, sizeof path, "/proc/%u/status", tid);
  FILE* file = fopen(path, "re");
  int group = -1;
  if (file == NULL) return -1;
  while (fgets(text, sizeof text, file)) {
    if (sscanf(text, "Tgid: %d", &group) == 1) break;
  }
  fclose(file);
  return group;
}

/* Lives as long as the process: when the last process with the filter is gone, it gets an error. */
static void* answer(void* argument) {
  struct meddler* m = argument;
  int count = 0;
  for (;;) {
    struct seccomp_notif asked;
    memset(&asked, 0, sizeof asked);
    if (ioctl(m->listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) != 0) {
      if (errno == EINTR || errno == ENOENT) continue;
      break;
    }
    struct seccomp_notif_resp response = {asked.id, 0, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE};
    if (m->also_here || thread_group(asked.pid) != m->here) {
      count++;
      if (count >= m->first && count <= m->last) {
        if (m->error == 0) continue;
        response.flags = 0;
        response.error = -m->error;
      }
    }
    ioctl(m->listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
  }
  close(m->listener);
  free(m);
  return NULL;
}

static void numbers(napi_env env, napi_callback_info info, size_t count, int64_t* out) {
  napi_value arguments[6];
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  for (size_t i = 0; i < count; i++) napi_get_value_int64(env, arguments[i], &out[i]);
}

static napi_value number(napi_env env, int64_t value) {
  napi_value result;
  napi_create_int64(env, value, &result);
  return result;
}

/* The listener is handed over by memory: the system calls of this thread may be asked about already. */
static struct meddler* volatile handed_over;

static void* wait_for_listener(void* unused) {
  (void)unused;
  while (handed_over == NULL || handed_over->listener < 0) usleep(50);
  return answer((void*)handed_over);
}

static napi_value filter(napi_env env, napi_callback_info info) {
  int64_t n[6] = {0};
  numbers(env, info, 6, n);
  const unsigned actions[] = {SECCOMP_RET_ERRNO | (unsigned)n[2], SECCOMP_RET_KILL_PROCESS,
                              SECCOMP_RET_TRAP, SECCOMP_RET_USER_NOTIF};
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)n[0], 0, 1),
      BPF_STMT(BPF_RET | BPF_K, actions[n[1]]),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof code / sizeof *code, code};
  struct meddler* m = malloc(sizeof *m);
  *m = (struct meddler){-1, getpid(), (int)n[2], (int)n[3], (int)n[4], (int)n[5]};
  if (n[1] == ASK) {
    pthread_t thread;
    handed_over = m;
    if (pthread_create(&thread, NULL, wait_for_listener, NULL) != 0) return number(env, -EAGAIN);
    pthread_detach(thread);
  }
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return number(env, -errno);
  const unsigned long flags = n[1] == ASK ? SECCOMP_FILTER_FLAG_NEW_LISTENER : 0;
  const long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
  if (result < 0) return number(env, -errno);
  if (n[1] == ASK) m->listener = (int)result;
  return number(env, 0);
}

static napi_value limit(napi_env env, napi_callback_info info) {
  int64_t n[2] = {0};
  numbers(env, info, 2, n);
  struct rlimit both;
  if (getrlimit((int)n[0], &both) != 0) return number(env, -errno);
  const rlim_t before = both.rlim_cur;
  both.rlim_cur = n[1] < 0 ? both.rlim_max : (rlim_t)n[1];
  if (setrlimit((int)n[0], &both) != 0) return number(env, -errno);
  return number(env, before == RLIM_INFINITY ? -1 : (int64_t)before);
}

static napi_value number_of(napi_env env, napi_callback_info info) {
  napi_value argument;
  size_t count = 1;
  char name[64] = "";
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  napi_get_value_string_utf8(env, argument, name, sizeof name, NULL);
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
    if (strcmp(calls[i].name, name) == 0) return number(env, calls[i].number);
  }
  return number(env, -1);
}

NAPI_MODULE_INIT() {
  const struct {
    const char* name;
    napi_callback function;
  } functions[] = {{"filter", filter}, {"limit", limit}, {"numberOf", number_of}};
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    napi_value function;
    napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].function, NULL,
                         &function);
    napi_set_named_property(env, exports, functions[i].name, function);
  }
  return exports;
}
