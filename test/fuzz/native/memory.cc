// What the engine gives back of the memory that it inherited, by /proc/self/maps, and where it
// finds its command line, by /proc/self/stat. Nothing is unmapped here: what would be is looked at.

#include <pthread.h>
#include <sys/mman.h>

#include <algorithm>
#include <string_view>

#include "kernel.h"
#include "process/inherited_memory.h"

namespace {

fuzz::Kernel* kernel;

struct Range {
  uintptr_t start;
  uintptr_t end;
};

struct Mapped : Range {
  bool must_stay;
};

std::vector<Range> unmapped;

constexpr uintptr_t kPage = 4096;

const char* const kNames[] = {"",
                              "/usr/bin/node",
                              "[heap]",
                              "[vdso]",
                              "[vvar]",
                              "[anon:v8]",
                              "[stack]",
                              "/tmp/a b\\012 (deleted)",
                              "[vsyscall]"};

bool IsKernels(std::string_view name) {
  return name == "[vdso]" || name == "[vvar]" || name == "[vsyscall]";
}

// Mappings in order, as the kernel lists them, around what the engine needs.
std::string List(std::vector<uintptr_t> needed, std::vector<Mapped>* mapped) {
  FuzzedDataProvider& data = kernel->data();
  std::sort(needed.begin(), needed.end());
  std::string text;
  uintptr_t least = 0x10000;
  const auto add = [&](uintptr_t start, uintptr_t end, bool must_stay) {
    if (start < least) start = least;
    if (end <= start) return;
    const std::string_view name = data.PickValueInArray(kNames);
    const bool is_file = name[0] == '/';
    char line[200];
    snprintf(line,
             sizeof line,
             "%lx-%lx %s %08x %02x:%02x %u %.*s\n",
             start,
             end,
             data.ConsumeBool() ? "rw-p" : "r-xp",
             data.ConsumeIntegral<uint8_t>() * 4096U,
             is_file ? 8 : 0,
             is_file ? 1 : 0,
             is_file ? 1U + data.ConsumeIntegralInRange(0U, 3U) : 0U,
             static_cast<int>(name.size()),
             name.data());
    text += line;
    mapped->push_back({{start, end}, must_stay || IsKernels(name)});
    least = end;
  };
  for (const uintptr_t address : needed) {
    const uintptr_t page = address & ~(kPage - 1);
    const uintptr_t below = kPage * data.ConsumeIntegralInRange<uintptr_t>(8, 200);
    const uintptr_t above = kPage * data.ConsumeIntegralInRange<uintptr_t>(8, 200);
    for (int i = data.ConsumeIntegralInRange(0, 3); i > 0; --i) {
      const uintptr_t start = least + kPage * data.ConsumeIntegralInRange<uintptr_t>(0, 3);
      const uintptr_t end = start + kPage * data.ConsumeIntegralInRange<uintptr_t>(1, 300);
      if (end < page - below) add(start, end, false);
    }
    if (page >= least) add(page - below, page + above, false);
  }
  add(least + kPage, least + 2 * kPage, false);
  return text;
}

void RequireSane(const std::vector<uintptr_t>& needed, const std::vector<Mapped>& mapped) {
  for (const Range& gone : unmapped) {
    REQUIRE(gone.start < gone.end);
    for (const uintptr_t address : needed) REQUIRE(address < gone.start || address >= gone.end);
    uintptr_t covered = gone.start;
    for (const Mapped& each : mapped) {
      if (each.must_stay) REQUIRE(each.end <= gone.start || each.start >= gone.end);
      if (each.start <= covered && each.end > covered) covered = each.end;
    }
    // Nothing but what is mapped.
    REQUIRE(covered >= gone.end);
  }
}

}  // namespace

extern "C" long syscall(long number, ...) {
  va_list arguments;
  va_start(arguments, number);
  long result = 0;
  if (number == SYS_munmap) {
    const uintptr_t start = va_arg(arguments, uintptr_t);
    unmapped.push_back({start, start + va_arg(arguments, uintptr_t)});
  } else {
    result = kernel->Call(number, arguments);
  }
  va_end(arguments);
  return result;
}

// A list as no kernel writes it: there must be an end of it.
static void ReadAnything() {
  ptrace_probe::ShedInheritedMemory(&unmapped);
  for (const Range& gone : unmapped) REQUIRE(gone.start < gone.end);
}

static void ReadList() {
  const std::vector<uintptr_t> needed = {
      reinterpret_cast<uintptr_t>(&ptrace_probe::ShedInheritedMemory),
      reinterpret_cast<uintptr_t>(&::syscall),
      reinterpret_cast<uintptr_t>(&::__errno_location),
      reinterpret_cast<uintptr_t>(&errno),
      static_cast<uintptr_t>(::pthread_self()),
      // The stack: the frame in question is a little below this one.
      reinterpret_cast<uintptr_t>(__builtin_frame_address(0)),
      reinterpret_cast<uintptr_t>(&unmapped),
  };
  std::vector<Mapped> mapped;
  const std::string text = List(needed, &mapped);
  // It is read twice.
  kernel->Serve(text);
  kernel->Serve(text);
  ptrace_probe::ShedInheritedMemory(&unmapped);
  RequireSane(needed, mapped);
}

static void WipeStack() {
  constexpr size_t kSize = 4096;
  constexpr char kKept = 'k';
  static char stack[3 * kSize];
  memset(stack, kKept, sizeof stack);
  char* const begin = stack + kSize;
  const auto start = reinterpret_cast<uintptr_t>(begin);
  char line[100];
  snprintf(line, sizeof line, "%lx-%lx rw-p 00000000 00:00 0 [stack]\n", start, start + kSize);
  std::string stat = kernel->data().ConsumeRandomLengthString(2000);
  if (kernel->data().ConsumeBool()) {
    const auto arguments = start + kernel->data().ConsumeIntegralInRange(0UL, 2 * kSize);
    // arg_start is field 48 (proc_pid_stat(5)).
    stat = "1 (node) S ";
    for (int field = 4; field < 48; ++field) stat += "1 ";
    stat += std::to_string(arguments) + " 0";
  }
  // The last that is served comes first.
  kernel->Serve(stat);
  kernel->Serve(line);
  ptrace_probe::WipeStackAbove(begin);
  for (size_t i = 0; i < kSize; ++i) {
    REQUIRE(stack[i] == kKept && stack[2 * kSize + i] == kKept);
  }
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::Kernel own(data, size);
  kernel = &own;
  unmapped.clear();
  switch (own.data().ConsumeIntegralInRange(0, 2)) {
    case 0:
      ReadList();
      break;
    case 1:
      ReadAnything();
      break;
    case 2:
      WipeStack();
      break;
  }
  REQUIRE(own.open_files() == 0);
  return 0;
}
