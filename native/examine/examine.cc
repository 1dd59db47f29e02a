#include "examine/examine.h"

#include <linux/stat.h>

#include <initializer_list>

#include "process/proc_file.h"
#include "process/sys.h"

namespace ptrace_probe {
namespace {

// proc_pid_stat(5): "pid (name) state ppid …", where the name may hold anything but a NUL.
void ReadStat(pid_t pid, Stat* stat) {
  char text[1024];
  stat->error = ReadProcFile(pid, "/stat", text, sizeof text);
  if (stat->error != 0) return;
  char* name = text;
  while (*name != '\0' && *name != '(') ++name;
  char* end = name;
  for (char* p = name; *p != '\0'; ++p) {
    if (*p == ')') end = p;
  }
  if (*name == '\0' || end == name) {
    stat->error = EIO;
    return;
  }
  size_t length = 0;
  for (const char* p = name + 1; p < end && length + 1 < sizeof stat->name; ++p) {
    stat->name[length++] = *p;
  }
  stat->name[length] = '\0';
  stat->state = end[2];
  const char* at = end + 3;
  stat->parent = static_cast<int32_t>(NumberAt(&at, 10));
  // The fields are separated by blanks, and some of them are negative.
  for (int field = 5; field <= 22; ++field) {
    while (*at == ' ') ++at;
    if (*at == '-') ++at;
    const uint64_t value = NumberAt(&at, 10);
    if (field == 9) stat->flags = static_cast<uint32_t>(value);
    if (field == 20) stat->threads = static_cast<int32_t>(value);
    if (field == 22) stat->start_time = value;
  }
}

void ReadStatus(pid_t pid, Status* status) {
  char text[16384];
  status->error = ReadProcFile(pid, "/status", text, sizeof text);
  if (status->error != 0) return;
  const char* group = FieldOf(text, "Tgid:");
  const char* tracer = FieldOf(text, "TracerPid:");
  const char* uids = FieldOf(text, "Uid:");
  const char* gids = FieldOf(text, "Gid:");
  const char* permitted = FieldOf(text, "CapPrm:");
  const char* effective = FieldOf(text, "CapEff:");
  // A field that is not there, or not within the buffer, is unknown and not zero.
  for (const char* field : {group, tracer, uids, gids, permitted, effective}) {
    if (field == nullptr) status->error = EIO;
  }
  if (status->error != 0) return;
  status->thread_group = static_cast<int32_t>(NumberAt(&group, 10));
  status->tracer = static_cast<int32_t>(NumberAt(&tracer, 10));
  status->cap_permitted = NumberAt(&permitted, 16);
  status->cap_effective = NumberAt(&effective, 16);
  for (uint32_t& uid : status->uids) uid = static_cast<uint32_t>(NumberAt(&uids, 10));
  for (uint32_t& gid : status->gids) gid = static_cast<uint32_t>(NumberAt(&gids, 10));
}

int OwnerOf(const char* path, uint32_t* uid) {
  struct statx info {};
  if (::syscall(SYS_statx, AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_UID, &info) != 0) {
    return errno;
  }
  *uid = info.stx_uid;
  return 0;
}

void ReadFacts(pid_t pid, ProcessFacts* facts) {
  ReadStat(pid, &facts->stat);
  ReadStatus(pid, &facts->status);
}

void ReadOwners(pid_t pid, Owners* owners) {
  owners->error = OwnerOf(ProcPath(pid, "").c_str(), &owners->directory);
  if (owners->error != 0) return;
  owners->error = OwnerOf(ProcPath(pid, "/stat").c_str(), &owners->files);
}

void ReadNamespace(pid_t pid, Namespace* found) {
  char link[64];
  const long n =
      ::syscall(SYS_readlinkat, AT_FDCWD, ProcPath(pid, "/ns/user").c_str(), link, sizeof link - 1);
  if (n < 0) {
    found->error = errno;
    return;
  }
  link[n] = '\0';
  const char* at = FieldOf(link, "user:[");
  found->error = at == nullptr ? EIO : 0;
  if (at != nullptr) found->inode = NumberAt(&at, 10);
}

template <size_t kSize>
void ReadText(pid_t pid, const char* file, Text<kSize>* text) {
  text->error = ReadProcFile(pid, file, text->text, kSize);
}

void ReadDetails(pid_t pid, Details* details) {
  ReadOwners(pid, &details->owners);
  ReadNamespace(pid, &details->user_namespace);
  ReadText(pid, "/uid_map", &details->uid_map);
  ReadText(pid, "/projid_map", &details->projid_map);
  ReadText(pid, "/attr/current", &details->label);
  for (char& c : details->label.text) {
    if (c == '\n') c = '\0';
  }
}

void CopyName(const Stat& stat, char (&name)[kNameSize]) {
  for (size_t i = 0; i + 1 < kNameSize; ++i) name[i] = stat.name[i];
}

void ReadTracerName(Examination* out) {
  const Status& status = out->target.status;
  if (status.error != 0 || status.tracer == 0) return;
  Stat stat{};
  ReadStat(status.tracer, &stat);
  if (stat.error == 0) CopyName(stat, out->tracer_name);
}

void ReadAncestors(const Stat& target, CloserLook* out) {
  if (target.error != 0) return;
  int32_t pid = target.parent;
  while (pid > 0 && out->ancestor_count < kMaxAncestors) {
    Stat stat{};
    Ancestor& ancestor = out->ancestors[out->ancestor_count++];
    ancestor.pid = pid;
    ReadStat(pid, &stat);
    if (stat.error != 0) return;
    CopyName(stat, ancestor.name);
    pid = stat.parent;
  }
}

void LookCloser(pid_t pid, Examination* out) {
  CloserLook& closer = out->closer;
  closer.taken = true;
  ReadDetails(pid, &closer.target);
  ReadAncestors(out->target.stat, &closer);
  const pid_t self = static_cast<pid_t>(::syscall(SYS_gettid));
  ReadFacts(self, &closer.self);
  ReadDetails(self, &closer.self_details);
}

Answer AnswerOf(long result) {
  return {true, result < 0 ? errno : 0};
}

// No process has descriptor -1: what would be granted ends in EBADF, and nothing is taken.
Answer AskPidfdGetfd(int pidfd) {
  const long fd = ::syscall(SYS_pidfd_getfd, static_cast<long>(pidfd), -1L, 0L);
  const Answer answer = AnswerOf(fd);
  if (fd >= 0) sys::Close(static_cast<int>(fd));
  return answer;
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

Answer AskRead(pid_t pid) {
  void* head = nullptr;
  size_t size = 0;
  return AnswerOf(::syscall(SYS_get_robust_list, static_cast<long>(pid), &head, &size));
}

// Asks by the first oracle that works here; true when access would be granted.
bool AskAttach(int pidfd, uint32_t oracles, Examination* out) {
  if ((oracles & kPidfdGetfdOracle) != 0 && pidfd >= 0) {
    out->pidfd_getfd = AskPidfdGetfd(pidfd);
    return out->pidfd_getfd.error == EBADF;
  }
  if ((oracles & kVmReadOracle) != 0) {
    out->vm_read = AskVmRead(out->pid);
    return out->vm_read.error == EFAULT;
  }
  if ((oracles & kProcMemOracle) != 0 && out->proc_is_ours && FilesAnswerForPtrace()) {
    out->proc_mem = AskProcMem(out->pid);
    return out->proc_mem.error == 0;
  }
  return false;
}

bool HasEnded(int pidfd) {
  pollfd fd{pidfd, POLLIN, 0};
  const timespec now{};
  return ::syscall(SYS_ppoll, &fd, 1L, &now, nullptr, size_t{8}) > 0;
}

}  // namespace

void Examine(pid_t pid, uint32_t oracles, Examination* out) {
  *out = {};
  out->pid = pid;
  out->proc_is_ours = ProcIsOurs();
  // While the descriptor is open the PID may be taken by another process, but then this one has
  // ended, and that shows at the end. Where a filter may answer, or kill, it is not opened.
  int pidfd = -1;
  out->pidfd_error = ENOSYS;
  if ((oracles & kPidfdGetfdOracle) != 0) {
    pidfd = static_cast<int>(::syscall(SYS_pidfd_open, static_cast<long>(pid), 0L));
    out->pidfd_error = pidfd < 0 ? errno : 0;
  }
  if (out->pidfd_error == ESRCH) {
    out->target.stat.error = out->target.status.error = ESRCH;
    return;
  }
  if (out->proc_is_ours) {
    ReadFacts(pid, &out->target);
    ReadTracerName(out);
  } else {
    out->target.stat.error = out->target.status.error = ENOENT;
  }
  const bool granted = AskAttach(pidfd, oracles, out);
  if (!granted) {
    if ((oracles & kReadOracle) != 0) out->read = AskRead(pid);
    if (out->proc_is_ours) LookCloser(pid, out);
  }
  if (pidfd >= 0) {
    out->ended = HasEnded(pidfd);
  } else if (out->proc_is_ours && out->target.stat.error == 0) {
    // A thread, or no pidfd_open here: the start time tells whether it is still the same one.
    Stat again{};
    ReadStat(pid, &again);
    out->ended = again.error != 0 || again.start_time != out->target.stat.start_time ||
                 again.state == 'Z' || again.state == 'X';
  }
  sys::Close(pidfd);
}

}  // namespace ptrace_probe
