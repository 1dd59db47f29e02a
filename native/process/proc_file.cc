#include "process/proc_file.h"

#include "process/sys.h"

namespace ptrace_probe {

ProcPath::ProcPath(pid_t pid, const char* file) {
  char digits[12];
  size_t n = 0;
  do {
    digits[n++] = static_cast<char>('0' + pid % 10);
    pid /= 10;
  } while (pid > 0);
  char* out = text_;
  for (const char* p = "/proc/"; *p != '\0';) *out++ = *p++;
  while (n > 0) *out++ = digits[--n];
  while (*file != '\0') *out++ = *file++;
  *out = '\0';
}

int ReadProcFile(pid_t pid, const char* file, char* text, size_t size) {
  return ReadFile(ProcPath(pid, file).c_str(), text, size);
}

int ReadFile(const char* path, char* text, size_t size) {
  const int fd = sys::Open(path);
  if (fd < 0) return errno;
  const ssize_t n = sys::Read(fd, text, size - 1);
  const int error = n < 0 ? errno : 0;
  sys::Close(fd);
  text[n < 0 ? 0 : n] = '\0';
  return error;
}

int ReadProcLines(pid_t pid, const char* file, char* text, size_t size) {
  constexpr size_t kKept = 160;         // more than any field that is looked at
  constexpr size_t kLongest = 1 << 20;  // more than all groups take (NGROUPS_MAX, limits.h)
  const int fd = sys::Open(ProcPath(pid, file).c_str());
  if (fd < 0) return errno;
  char piece[4096];
  size_t used = 0, column = 0, total = 0;
  ssize_t n;
  while ((n = sys::Read(fd, piece, sizeof piece)) > 0 && total < kLongest) {
    total += static_cast<size_t>(n);
    for (ssize_t i = 0; i < n; ++i) {
      column = piece[i] == '\n' ? 0 : column + 1;
      if (column <= kKept && used + 1 < size) text[used++] = piece[i];
    }
  }
  const int error = n < 0 ? errno : 0;
  sys::Close(fd);
  text[used] = '\0';
  return error;
}

bool ProcIsOurs() {
  char text[16];
  const long n = ::syscall(SYS_readlinkat, AT_FDCWD, "/proc/self", text, sizeof text - 1);
  if (n <= 0) return false;
  text[n] = '\0';
  const char* at = text;
  return NumberAt(&at, 10) == static_cast<uint64_t>(sys::GetPid());
}

bool IsExiting(pid_t pid) {
  constexpr uint64_t kExiting = 0x4;  // PF_EXITING (include/linux/sched.h)
  char text[1024];
  if (ReadProcFile(pid, "/stat", text, sizeof text) != 0) return false;
  // proc_pid_stat(5): the name may hold anything, so the state is behind the last parenthesis.
  const char* at = text;
  for (const char* p = text; *p != '\0'; ++p) {
    if (*p == ')') at = p;
  }
  if (*at != ')' || at[1] == '\0') return false;
  const char state = at[2];
  constexpr int kState = 3;
  constexpr int kFlags = 9;
  at += 2;
  for (int field = kState; field < kFlags; ++field) {
    while (*at != '\0' && *at != ' ') ++at;
    if (*at == ' ') ++at;
  }
  return state == 'Z' || state == 'X' || (NumberAt(&at, 10) & kExiting) != 0;
}

const char* FieldOf(const char* text, const char* field) {
  for (const char* line = text; *line != '\0';) {
    const char* a = line;
    const char* b = field;
    while (*b != '\0' && *a == *b) {
      ++a;
      ++b;
    }
    if (*b == '\0') return a;
    while (*line != '\0' && *line != '\n') ++line;
    if (*line == '\n') ++line;
  }
  return nullptr;
}

uint64_t NumberAt(const char** text, unsigned base) {
  while (**text == ' ' || **text == '\t') ++*text;
  uint64_t value = 0;
  for (;; ++*text) {
    const char c = **text;
    unsigned digit;
    if (c >= '0' && c <= '9')
      digit = static_cast<unsigned>(c - '0');
    else if (c >= 'a' && c <= 'f')
      digit = static_cast<unsigned>(c - 'a') + 10;
    else
      return value;
    if (digit >= base) return value;
    value = value * base + digit;
  }
}

}  // namespace ptrace_probe
