// What every process has in common that is forked from Node itself.

#ifndef PTRACE_PROBE_PROCESS_CHILD_PROCESS_H_
#define PTRACE_PROBE_PROCESS_CHILD_PROCESS_H_

#include <stdint.h>
#include <sys/types.h>

namespace ptrace_probe {

// Two pipes between Node and a process that it forks. Each ends when its writer does.
struct Link {
  int to_child[2] = {-1, -1};
  int from_child[2] = {-1, -1};
};

// Opens the pipes; false leaves errno and nothing open.
bool OpenLink(Link* link);

// Forks with every signal blocked, so that no handler of Node's runs in the child, not even once.
// There, only the child's ends are left, and no core will be written; here, only Node's ends.
// `number` is the child's, in both.
pid_t ForkFromNode(Link* link, pid_t* number);

// Where BecomeChild() puts the child's ends of the pipes.
constexpr int kReadEnd = 0;
constexpr int kWriteEnd = 1;

// The child's first act: closes every inherited descriptor except the two, and gives every signal
// its standard disposition. False leaves errno.
bool BecomeChild(int read_end, int write_end);

// Waits until `fd` can be read or has ended; false when `timeout_ms` passed first.
bool AwaitInput(int fd, int64_t timeout_ms);

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_PROCESS_CHILD_PROCESS_H_
