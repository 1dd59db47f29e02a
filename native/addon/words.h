// The words that stand for the engine's enums in JavaScript.

#ifndef PTRACE_PROBE_ADDON_WORDS_H_
#define PTRACE_PROBE_ADDON_WORDS_H_

#include <string_view>

#include "examine/examiner.h"
#include "probe/plan.h"

namespace ptrace_probe {

// One line for each enum, one word for each of its values, in their order. lib/engine/contract.ts
// makes the same text of its own words, and lib/engine/engine.ts refuses an addon with another one.
inline constexpr std::string_view kWords =
    "caller unprivileged owner user\n"
    "none tracer ancestor any revoked unrelated\n"
    "attach seize traceme vm-read proc-mem pidfd-getfd read control-yama control-attach "
    "control-seize control-vm-read control-proc-mem control-pidfd-getfd control-read "
    "control-landlock\n"
    "none supervisor tracer target\n"
    "none lives exits\n"
    "child stranger user\n"
    "not-run fork guard identity unshare dumpable subreaper adopted consent proc open try traced "
    "ended wait read release deadline done";

constexpr size_t kLongestWord = std::string_view("control-pidfd-getfd").size();

// The part number `n` of a text that `separator` divides; empty where there are fewer parts.
constexpr std::string_view PartOf(std::string_view text, char separator, size_t n) {
  for (; n > 0; --n) {
    const size_t end = text.find(separator);
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find(separator));
}

template <typename Enum>
struct WordsOf;

// `kLast` is the last value of the enum: it must have the last word of its line.
template <size_t kLine, auto kLast>
struct Words {
  static constexpr std::string_view kText = PartOf(kWords, '\n', kLine);
  static constexpr size_t kCount = static_cast<size_t>(kLast) + 1;
  static_assert(!PartOf(kText, ' ', kCount - 1).empty() && PartOf(kText, ' ', kCount).empty());
};

template <>
struct WordsOf<Identity> : Words<0, Identity::kUser> {};
template <>
struct WordsOf<Consent> : Words<1, Consent::kUnrelated> {};
template <>
struct WordsOf<Method> : Words<2, Method::kControlLandlock> {};
template <>
struct WordsOf<Parent> : Words<3, Parent::kTarget> {};
template <>
struct WordsOf<Middle> : Words<4, Middle::kExits> {};
template <>
struct WordsOf<Tracer> : Words<5, Tracer::kUser> {};
template <>
struct WordsOf<Step> : Words<6, Step::kDone> {};

}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_ADDON_WORDS_H_
