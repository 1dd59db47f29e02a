#include "process/inherited_memory.h"

#include <pthread.h>
#include <sys/mman.h>

#include "process/proc_file.h"
#include "process/sys.h"

namespace ptrace_probe {
namespace {

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

  bool Next(Mapping* mapping) {
    if (Peek() < 0) return false;
    mapping->start = Hex();
    Take();  // '-'
    mapping->end = Hex();
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
    for (int c = Take(); c >= 0 && c != '\n'; c = Take()) {
      if (length + 1 < sizeof mapping->name) mapping->name[length++] = static_cast<char>(c);
    }
    mapping->name[length] = '\0';
    return true;
  }

 private:
  int Peek() {
    if (at_ == filled_) {
      const ssize_t n = sys::Read(fd_, buffer_, sizeof buffer_);
      if (n <= 0) return -1;
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
  char buffer_[4096];
};

bool NamedByKernel(const Mapping& mapping) {
  // [vdso], [vvar] and whatever a later kernel adds; the rest of the bracketed names is plain
  // memory.
  if (mapping.name[0] != '[') return false;
  return mapping.name[1] != 'h' /* [heap] */ && mapping.name[1] != 's' /* [stack] */ &&
         mapping.name[1] != 'a' /* [anon:…] */;
}

bool IsStack(const Mapping& mapping) {
  return mapping.name[0] == '[' && mapping.name[1] == 's';
}

constexpr int kAnchors = 6;

bool Holds(const Mapping& mapping, const uintptr_t (&anchors)[kAnchors]) {
  for (const uintptr_t anchor : anchors) {
    if (anchor >= mapping.start && anchor < mapping.end) return true;
  }
  return false;
}

struct Range {
  uintptr_t start;
  uintptr_t end;
};

// What stays of anonymous memory. The kernel makes one mapping of neighbours that are alike, so a
// thread control block or a .bss may stand in one with a heap: this far around what is used is
// enough for either, and for the little stack that is needed from here on.
Range Around(const Mapping& mapping, const uintptr_t (&anchors)[kAnchors], bool bss) {
  constexpr uintptr_t kEnough = 256 * 1024;
  constexpr uintptr_t kPage = 64 * 1024;  // no architecture has larger ones
  Range range{mapping.end, mapping.start};
  const auto include = [&](uintptr_t address) {
    const uintptr_t low = (address - kEnough) & ~(kPage - 1);
    const uintptr_t high = (address + kEnough) & ~(kPage - 1);
    if (low < range.start) range.start = low;
    if (high > range.end) range.end = high;
  };
  if (bss) include(mapping.start);
  for (const uintptr_t anchor : anchors) {
    if (anchor >= mapping.start && anchor < mapping.end) include(anchor);
  }
  if (range.start < mapping.start) range.start = mapping.start;
  if (range.end > mapping.end) range.end = mapping.end;
  return range.start < range.end ? range : Range{mapping.start, mapping.start};
}

// Where the command line begins (proc_pid_stat(5), arg_start); 0 when that cannot be read.
uintptr_t ArgumentsStart() {
  char text[1024];
  if (ReadFile("/proc/self/stat", text, sizeof text) != 0) return 0;
  const char* at = text;
  for (const char* p = text; *p != '\0'; ++p) {
    if (*p == ')') at = p;
  }
  constexpr int kArgStart = 48;
  for (int field = 2; field < kArgStart; ++field) {
    while (*at != '\0' && *at != ' ') ++at;
    if (*at == ' ') ++at;
  }
  return NumberAt(&at, 10);
}

}  // namespace

void ShedInheritedMemory(const void* arena) {
#if defined(__SANITIZE_ADDRESS__)
  // AddressSanitizer's shadow memory must stay.
  (void)arena;
#else
  const uintptr_t anchors[kAnchors] = {
      reinterpret_cast<uintptr_t>(&ShedInheritedMemory),
      reinterpret_cast<uintptr_t>(&::syscall),
      reinterpret_cast<uintptr_t>(&errno),
      static_cast<uintptr_t>(::pthread_self()),
      reinterpret_cast<uintptr_t>(__builtin_frame_address(0)),
      reinterpret_cast<uintptr_t>(arena),
  };
  uint64_t files[kAnchors] = {};
  int file_count = 0;
  {
    MapsReader maps;
    if (!maps.ok()) return;
    Mapping mapping{};
    while (maps.Next(&mapping)) {
      if (mapping.file != 0 && file_count < kAnchors && Holds(mapping, anchors)) {
        files[file_count++] = mapping.file;
      }
    }
  }

  MapsReader maps;
  if (!maps.ok()) return;
  Mapping mapping{};
  uintptr_t gap_start = 0;  // what lies between two ranges that stay goes in one call
  bool gap_used = false;
  uintptr_t file_end = 0;  // .bss is the anonymous memory right behind a file's last mapping
  while (maps.Next(&mapping)) {
    bool whole = NamedByKernel(mapping) || (IsStack(mapping) && Holds(mapping, anchors));
    for (int i = 0; i < file_count && mapping.file != 0; ++i) whole |= files[i] == mapping.file;
    Range keep{mapping.start, mapping.end};
    if (!whole) {
      const bool bss = mapping.name[0] == '\0' && mapping.start == file_end;
      keep =
          mapping.file == 0 ? Around(mapping, anchors, bss) : Range{mapping.start, mapping.start};
    }
    if (keep.start == keep.end) {
      gap_used = true;
      continue;
    }
    if (gap_used || keep.start > mapping.start) {
      ::syscall(SYS_munmap, gap_start, keep.start - gap_start);
    }
    gap_start = keep.end;
    gap_used = keep.end < mapping.end;
    file_end = mapping.file != 0 ? mapping.end : 0;
  }
  if (gap_used) {
    // The last mapping that was read may lie anywhere below the kernel's half.
    ::syscall(SYS_munmap, gap_start, mapping.end - gap_start);
  }
#endif
}

void WipeStackAbove(const void* frame) {
  const auto start = reinterpret_cast<uintptr_t>(frame);
  uintptr_t end = 0;
  {
    MapsReader maps;
    Mapping mapping{};
    while (maps.ok() && maps.Next(&mapping)) {
      if (IsStack(mapping) && start >= mapping.start && start < mapping.end) {
        end = mapping.end;
      }
    }
  }
  // On a thread's own stack there are neither arguments nor environment.
  if (end == 0) return;
  const uintptr_t arguments = ArgumentsStart();
  // Not memset(3): the compiler may drop it, because the result is never read.
  for (volatile char* p = reinterpret_cast<volatile char*>(start);
       p < reinterpret_cast<volatile char*>(end);
       ++p) {
    *p = 0;
  }
  constexpr char kName[] = "ptrace-probe";
  if (arguments < start || arguments + sizeof kName > end) return;
  for (size_t i = 0; i < sizeof kName; ++i) {
    reinterpret_cast<volatile char*>(arguments)[i] = kName[i];
  }
}

}  // namespace ptrace_probe
