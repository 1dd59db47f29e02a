#ifndef PTRACE_PROBE_PROCESS_MAPS_READER_H_
#define PTRACE_PROBE_PROCESS_MAPS_READER_H_

#include <stdint.h>

#include "process/sys.h"

namespace ptrace_probe {

struct Mapping {
  uintptr_t start;
  uintptr_t end;
  uint64_t file;  // device and inode; 0 for anonymous memory
  char name[8];   // the beginning of the last column
};

// Reads /proc/PID/maps line by line (proc_pid_maps(5)) into a buffer on the stack.
class MapsReader {
 public:
  MapsReader() : fd_(sys::Open("/proc/self/maps")) {}
  ~MapsReader() { sys::Close(fd_); }
  MapsReader(const MapsReader&) = delete;
  MapsReader& operator=(const MapsReader&) = delete;

  bool ok() const { return fd_ >= 0; }

  // False at the end, and where the reading ends within a line: half of one is another mapping.
  bool Next(Mapping* mapping) {
    mapping->start = Hex();
    if (Take() != '-') return false;
    mapping->end = Hex();
    if (mapping->end <= mapping->start) return false;
    SkipField();  // the blank
    SkipField();  // permissions
    SkipField();  // offset
    const uint64_t major = Hex();
    Take();  // ':'
    const uint64_t minor = Hex();
    Take();
    const uint64_t inode = Decimal();
    mapping->file = inode == 0 ? 0 : (inode << 20) ^ (major << 8) ^ minor;
    while (Peek() == ' ') Take();
    size_t length = 0;
    int c = Take();
    for (; c >= 0 && c != '\n'; c = Take()) {
      if (length + 1 < sizeof mapping->name) mapping->name[length++] = static_cast<char>(c);
    }
    mapping->name[length] = '\0';
    return c == '\n';
  }

 private:
  int Peek() {
    if (at_ == filled_) {
      const ssize_t n = has_ended_ ? 0 : sys::Read(fd_, buffer_, sizeof buffer_);
      // What comes after an error would not follow on what came before.
      has_ended_ = n <= 0;
      if (has_ended_) return -1;
      filled_ = static_cast<size_t>(n);
      at_ = 0;
    }
    return static_cast<unsigned char>(buffer_[at_]);
  }

  int Take() {
    const int c = Peek();
    if (c >= 0) ++at_;
    return c;
  }

  void SkipField() {
    while (Peek() >= 0 && Peek() != ' ') Take();
    Take();
  }

  uint64_t Hex() {
    uint64_t value = 0;
    for (;;) {
      const int c = Peek();
      if (c >= '0' && c <= '9')
        value = value * 16 + static_cast<uint64_t>(c - '0');
      else if (c >= 'a' && c <= 'f')
        value = value * 16 + static_cast<uint64_t>(c - 'a' + 10);
      else
        return value;
      Take();
    }
  }

  uint64_t Decimal() {
    uint64_t value = 0;
    for (int c = Peek(); c >= '0' && c <= '9'; c = Peek()) {
      value = value * 10 + static_cast<uint64_t>(c - '0');
      Take();
    }
    return value;
  }

  int fd_;
  size_t at_ = 0;
  size_t filled_ = 0;
  bool has_ended_ = false;
  char buffer_[4096];
};

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_PROCESS_MAPS_READER_H_
