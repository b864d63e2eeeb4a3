// The one place where std::string_view meets absl::string_view.
//
// Debian 12's Abseil (20220623) has its own string_view without implicit
// conversion to or from std::string_view; later releases make the two one
// type. civlog uses std::string_view everywhere and passes through these two
// functions wherever an Abseil interface wants the other.

#ifndef CIVLOG_PARSERS_ABSL_BRIDGE_H_
#define CIVLOG_PARSERS_ABSL_BRIDGE_H_

#include <string_view>

#include "absl/strings/string_view.h"

namespace civlog {

inline absl::string_view ToAbsl(std::string_view text) {
  return absl::string_view(text.data(), text.size());
}

inline std::string_view FromAbsl(absl::string_view text) {
  return std::string_view(text.data(), text.size());
}

}  // namespace civlog

#endif  // CIVLOG_PARSERS_ABSL_BRIDGE_H_
