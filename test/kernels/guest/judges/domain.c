/*
 * domain: runs a command in a new Landlock domain.
 *
 *   domain COMMAND [ARGUMENT...]
 *
 * The domain forbids nothing but to make block devices; what counts is to be in one
 * (Documentation/userspace-api/landlock.rst, "Ptrace restrictions").
 */
#include <linux/landlock.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char** argv) {
  const struct landlock_ruleset_attr rules = {.handled_access_fs = LANDLOCK_ACCESS_FS_MAKE_BLOCK};
  if (argc < 2) return 126;
  int ruleset = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0);
  if (ruleset < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      syscall(SYS_landlock_restrict_self, ruleset, 0) != 0) {
    perror("domain");
    return 126;
  }
  close(ruleset);
  execvp(argv[1], argv + 1);
  perror(argv[1]);
  return 126;
}
