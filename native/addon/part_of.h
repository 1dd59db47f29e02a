#ifndef PTRACE_PROBE_ADDON_PART_OF_H_
#define PTRACE_PROBE_ADDON_PART_OF_H_

#include <stddef.h>

#include <string_view>

namespace ptrace_probe {

// The part number `n` of a text that `separator` divides; empty where there are fewer parts.
constexpr std::string_view PartOf(std::string_view text, char separator, size_t n) {
  for (; n > 0; --n) {
    const size_t end = text.find(separator);
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find(separator));
}

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_ADDON_PART_OF_H_
