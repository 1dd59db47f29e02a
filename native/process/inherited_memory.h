#ifndef PTRACE_PROBE_PROCESS_INHERITED_MEMORY_H_
#define PTRACE_PROBE_PROCESS_INHERITED_MEMORY_H_

namespace ptrace_probe {

// Unmaps what this process inherited and the engine does not use: Node's heap, its code, other
// threads' stacks. A fork copies page tables, so that without this every member of every family
// would cost as much as Node is big; with it Node's size is paid for once.
//
// What stays: the files that hold this code and libc's, their .bss, the current stack, the thread
// control block (errno, the stack protector's canary), the memory at `arena` and the kernel's own
// pages. From here on only the functions of sys.h may be called. Does nothing when /proc/self/maps
// cannot be read.
void ShedInheritedMemory(const void* arena);

// Overwrites the main thread's stack above `frame`, with Node's arguments and environment at its
// end, and leaves "ptrace-probe" as the command line. Families may run as another user, who must
// not read there what root's Node was started with. Nothing may return to a frame above `frame`.
void WipeStackAbove(const void* frame);

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_PROCESS_INHERITED_MEMORY_H_
