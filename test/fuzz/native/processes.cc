// What the engine reads of a process in /proc: stat, status, links, maps of ids, labels, threads.

#include <memory>

#include "examine/examine.h"
#include "kernel.h"
#include "process/proc_file.h"

namespace {

fuzz::Kernel* kernel;

using namespace ptrace_probe;

template <size_t kSize>
void RequireEnd(const char (&text)[kSize]) {
  REQUIRE(memchr(text, '\0', kSize) != nullptr);
}

void RequireSane(const Details& details) {
  RequireEnd(details.uid_map.text);
  RequireEnd(details.projid_map.text);
  RequireEnd(details.label.text);
}

void RequireSane(const Examination& found) {
  RequireEnd(found.target.stat.name);
  RequireEnd(found.tracer_name);
  const CloserLook& closer = found.closer;
  RequireSane(closer.target);
  RequireSane(closer.self_details);
  REQUIRE(closer.ancestor_count >= 0 && closer.ancestor_count <= kMaxAncestors);
  for (const Ancestor& ancestor : closer.ancestors) RequireEnd(ancestor.name);
}

}  // namespace

extern "C" long syscall(long number, ...) {
  va_list arguments;
  va_start(arguments, number);
  const long result = kernel->Call(number, arguments);
  va_end(arguments);
  return result;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::Kernel own(data, size);
  kernel = &own;
  const pid_t pid = own.data().ConsumeIntegralInRange<pid_t>(1, 4194304);
  const uint32_t oracles = own.data().ConsumeIntegralInRange<uint32_t>(0, kAllOracles);
  const auto found = std::make_unique<ProcessExamination>();
  Examine(pid, oracles, found.get());
  RequireSane(found->process);
  RequireSane(found->suspect);
  REQUIRE(found->threads.looked_at >= 0 && found->threads.looked_at <= kMaxThreads);
  IsExiting(pid);
  REQUIRE(own.open_files() == 0);
  return 0;
}
