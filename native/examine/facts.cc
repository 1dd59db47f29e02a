#include "examine/facts.h"

#include <linux/stat.h>

#include <initializer_list>

#include "process/proc_file.h"
#include "process/sys.h"

namespace ptrace_probe {
namespace {

int OwnerOf(const char* path, uint32_t* uid) {
  struct statx info {};
  if (::syscall(SYS_statx, AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_UID, &info) != 0) {
    return errno;
  }
  *uid = info.stx_uid;
  return 0;
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

}  // namespace

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
  // What is cut off behind the name says nothing about the state.
  if (*name == '\0' || end == name || end[1] != ' ' || end[2] == '\0') {
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
  char text[8192];
  status->error = ReadProcLines(pid, "/status", text, sizeof text);
  if (status->error != 0) return;
  const char* state = FieldOf(text, "State:\t");
  const char* group = FieldOf(text, "Tgid:");
  const char* tracer = FieldOf(text, "TracerPid:");
  const char* uids = FieldOf(text, "Uid:");
  const char* gids = FieldOf(text, "Gid:");
  const char* permitted = FieldOf(text, "CapPrm:");
  const char* effective = FieldOf(text, "CapEff:");
  // A field that is not there, or not within the buffer, is unknown and not zero.
  for (const char* field : {state, group, tracer, uids, gids, permitted, effective}) {
    if (field == nullptr) status->error = EIO;
  }
  if (status->error != 0) return;
  status->state = *state;
  status->thread_group = static_cast<int32_t>(NumberAt(&group, 10));
  status->tracer = static_cast<int32_t>(NumberAt(&tracer, 10));
  status->cap_permitted = NumberAt(&permitted, 16);
  status->cap_effective = NumberAt(&effective, 16);
  for (uint32_t& uid : status->uids) uid = static_cast<uint32_t>(NumberAt(&uids, 10));
  for (uint32_t& gid : status->gids) gid = static_cast<uint32_t>(NumberAt(&gids, 10));
}

void ReadFacts(pid_t pid, ProcessFacts* facts) {
  ReadStat(pid, &facts->stat);
  ReadStatus(pid, &facts->status);
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

}  // namespace ptrace_probe
