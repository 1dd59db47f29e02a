#include "process/inherited_memory.h"

#include <pthread.h>
#include <sys/mman.h>

#include "process/maps_reader.h"
#include "process/proc_file.h"
#include "process/sys.h"

namespace ptrace_probe {
namespace {

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

// Under a sanitizer and valgrind, whose own memory must stay (test/sanitizers).
#ifdef PTRACE_PROBE_KEEPS_MEMORY
constexpr bool kKeepsAll = true;
#else
constexpr bool kKeepsAll = false;
#endif

constexpr int kAnchors = 7;

// How many of the anchors are in a mapping.
int HeldBy(const Mapping& mapping, const uintptr_t (&anchors)[kAnchors]) {
  int held = 0;
  for (const uintptr_t anchor : anchors) {
    if (anchor >= mapping.start && anchor < mapping.end) ++held;
  }
  return held;
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

void Unmap(const Range& range) {
  if (range.start != range.end) ::syscall(SYS_munmap, range.start, range.end - range.start);
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
  if constexpr (kKeepsAll) return;
  const uintptr_t anchors[kAnchors] = {
      reinterpret_cast<uintptr_t>(&ShedInheritedMemory),
      reinterpret_cast<uintptr_t>(&::syscall),
      // What `errno` calls: before glibc 2.34 the one of libpthread, which is another file.
      reinterpret_cast<uintptr_t>(&::__errno_location),
      reinterpret_cast<uintptr_t>(&errno),
      static_cast<uintptr_t>(::pthread_self()),
      reinterpret_cast<uintptr_t>(__builtin_frame_address(0)),
      reinterpret_cast<uintptr_t>(arena),
  };
  uint64_t files[kAnchors] = {};
  int file_count = 0;
  int found = 0;
  {
    MapsReader maps;
    if (!maps.ok()) return;
    Mapping mapping{};
    while (maps.Next(&mapping)) {
      const int held = HeldBy(mapping, anchors);
      found += held;
      if (mapping.file != 0 && file_count < kAnchors && held > 0) {
        files[file_count++] = mapping.file;
      }
    }
  }
  // The reading ended too early: what the engine stands on is not known.
  if (found != kAnchors) return;

  MapsReader maps;
  if (!maps.ok()) return;
  Mapping mapping{};
  // What goes, adjoining mappings in one call. Nothing but what is mapped: qemu-user looks at every
  // page of the range, and would not end.
  Range gone{0, 0};
  const auto drop = [&](uintptr_t start, uintptr_t end) {
    if (start == end) return;
    if (start != gone.end) {
      Unmap(gone);
      gone.start = start;
    }
    gone.end = end;
  };
  uintptr_t file_end = 0;  // .bss is the anonymous memory right behind a file's last mapping
  while (maps.Next(&mapping)) {
    bool whole = NamedByKernel(mapping) || (IsStack(mapping) && HeldBy(mapping, anchors) > 0);
    for (int i = 0; i < file_count && mapping.file != 0; ++i) whole |= files[i] == mapping.file;
    Range keep{mapping.start, mapping.end};
    if (!whole) {
      const bool bss = mapping.name[0] == '\0' && mapping.start == file_end;
      keep =
          mapping.file == 0 ? Around(mapping, anchors, bss) : Range{mapping.start, mapping.start};
    }
    drop(mapping.start, keep.start);
    drop(keep.end, mapping.end);
    file_end = mapping.file != 0 ? mapping.end : 0;
  }
  Unmap(gone);
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
  // A difference cannot overflow here, as a sum with an address from a file could.
  if (arguments < start || arguments >= end || end - arguments < sizeof kName) return;
  for (size_t i = 0; i < sizeof kName; ++i) {
    reinterpret_cast<volatile char*>(arguments)[i] = kName[i];
  }
}

}  // namespace ptrace_probe
