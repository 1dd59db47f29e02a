#include "examine/threads.h"

#include "examine/vfork.h"
#include "process/proc_file.h"
#include "process/sys.h"

namespace ptrace_probe {
namespace {

bool HaveSameCredentials(const Status& a, const Status& b) {
  for (int i = 0; i < 3; ++i) {
    if (a.uids[i] != b.uids[i] || a.gids[i] != b.gids[i]) return false;
  }
  return a.cap_permitted == b.cap_permitted;
}

// Whether a thread may be refused though the first one is not. Where the kernel can be asked, it is
// asked; otherwise other credentials are reason enough to look closer.
bool IsSuspect(pid_t tid, const Status& status, uint32_t oracles, const Examination& first) {
  if (status.tracer != first.target.status.tracer) return true;
  if (IsGranted(first.answers)) {
    Answers asked{};
    if (AskAttach({tid, -1, true}, oracles, &asked)) return false;
    if (asked.vm_read.tried || asked.proc_mem.tried) {
      const int error = asked.vm_read.tried ? asked.vm_read.error : asked.proc_mem.error;
      return error == EPERM || error == EACCES;
    }
  }
  return !HaveSameCredentials(status, first.target.status);
}

// The numbers that the names in a directory are; `visit` answers whether to go on.
template <typename Visit>
bool ForEachNumber(int directory, Visit visit) {
  alignas(8) char entries[4096];
  for (;;) {
    const long size = ::syscall(SYS_getdents64, directory, entries, sizeof entries);
    if (size <= 0) return size == 0;
    // struct linux_dirent64 (getdents(2)): inode and offset, 8 bytes each, the length of the entry,
    // its type and its name.
    constexpr size_t kLength = 16, kName = 19;
    for (long at = 0; at < size;) {
      uint16_t length;
      __builtin_memcpy(&length, entries + at + kLength, sizeof length);
      const char* name = entries + at + kName;
      const pid_t number = static_cast<pid_t>(NumberAt(&name, 10));
      if (number > 0 && !visit(number)) return false;
      at += length;
    }
  }
}

}  // namespace

void LookAtThreads(uint32_t oracles, const Examination& first, Threads* out) {
  const Stat& stat = first.target.stat;
  const Status& status = first.target.status;
  if (stat.error != 0 || status.error != 0 || stat.threads < 2) return;
  if (status.thread_group != first.pid || first.pid == sys::GetPid()) return;
  out->taken = true;
  const int directory = sys::Open(ProcPath(first.pid, "/task").c_str());
  if (directory < 0) return;
  const bool may_read = IsGranted(first.answers) || oracles == 0;
  int living = HasEndedState(stat.state) ? 0 : 1;
  int waiting = stat.state == 'D' ? 1 : 0;
  out->is_complete = ForEachNumber(directory, [&](pid_t tid) {
    if (tid == first.pid) return true;
    if (out->looked_at == kMaxThreads) return false;
    ++out->looked_at;
    Status thread{};
    ReadStatus(tid, &thread);
    // It may have ended since, and its number may be another's.
    if (thread.error != 0 || thread.thread_group != first.pid) return true;
    if (HasEndedState(thread.state)) {
      if (out->unreaped == 0) out->unreaped = tid;
      return true;
    }
    ++living;
    if (thread.state == 'D') ++waiting;
    if (out->in_vfork == 0 && may_read && IsInVfork(tid, thread.state)) out->in_vfork = tid;
    if (out->suspect == 0 && IsSuspect(tid, thread, oracles, first)) out->suspect = tid;
    return true;
  });
  out->is_waiting = living == waiting;
  sys::Close(directory);
}

}  // namespace ptrace_probe
