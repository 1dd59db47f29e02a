#include "examine/oracles.h"

#include "process/proc_file.h"
#include "process/sys.h"

namespace ptrace_probe {
namespace {

Answer AnswerOf(long result) {
  return {true, result < 0 ? errno : 0};
}

// No process has descriptor -1: what would be granted ends in EBADF, and nothing is taken. A number
// that comes back is a filter's invention; to close it would close a descriptor of this process.
Answer AskPidfdGetfd(int pidfd) {
  return AnswerOf(::syscall(SYS_pidfd_getfd, static_cast<long>(pidfd), -1L, 0L));
}

// No process may read a kernel address: what would be granted ends in EFAULT.
Answer AskVmRead(pid_t pid) {
  char byte;
  const iovec local{&byte, 1};
  const iovec remote{reinterpret_cast<void*>(~uintptr_t{0xfff}), 1};
  return AnswerOf(
      ::syscall(SYS_process_vm_readv, static_cast<long>(pid), &local, 1L, &remote, 1L, 0L));
}

// A file is opened with the filesystem ids, which follow the effective ones, but ptrace looks at
// the real ones (ptrace(2), "Ptrace access mode checking").
bool FilesAnswerForPtrace() {
  uid_t real, effective, saved;
  if (::syscall(SYS_getresuid, &real, &effective, &saved) != 0 || real != effective) return false;
  return ::syscall(SYS_getresgid, &real, &effective, &saved) == 0 && real == effective;
}

// Opened and closed again: nothing is read.
Answer AskProcMem(pid_t pid) {
  const int fd = sys::Open(ProcPath(pid, "/mem").c_str());
  const Answer answer = AnswerOf(fd);
  sys::Close(fd);
  return answer;
}

}  // namespace

bool AskAttach(const Subject& subject, uint32_t oracles, Answers* out) {
  if (Has(oracles, Oracle::kPidfdGetfd) && subject.pidfd >= 0) {
    out->pidfd_getfd = AskPidfdGetfd(subject.pidfd);
    return out->pidfd_getfd.error == EBADF;
  }
  if (Has(oracles, Oracle::kVmRead)) {
    out->vm_read = AskVmRead(subject.pid);
    return out->vm_read.error == EFAULT;
  }
  const bool means_file = Has(oracles, Oracle::kProcMemItself);
  if (Has(oracles, Oracle::kProcMem) && subject.proc_is_ours &&
      (means_file || FilesAnswerForPtrace())) {
    out->proc_mem = AskProcMem(subject.pid);
    return out->proc_mem.error == 0;
  }
  return false;
}

Answer AskRead(pid_t pid) {
  void* head = nullptr;
  size_t size = 0;
  return AnswerOf(::syscall(SYS_get_robust_list, static_cast<long>(pid), &head, &size));
}

bool IsGranted(const Answers& answers) {
  return (answers.pidfd_getfd.tried && answers.pidfd_getfd.error == EBADF) ||
         (answers.vm_read.tried && answers.vm_read.error == EFAULT) ||
         (answers.proc_mem.tried && answers.proc_mem.error == 0);
}

}  // namespace ptrace_probe
