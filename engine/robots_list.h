// The compiled-in robots list: see engine/robots/README.md.

#ifndef CIVLOG_ENGINE_ROBOTS_LIST_H_
#define CIVLOG_ENGINE_ROBOTS_LIST_H_

#include <string>
#include <string_view>

#include "absl/types/span.h"

namespace civlog {

struct RobotPattern {
  std::string_view pattern;  // RE2 syntax, unanchored
  std::string_view tag;      // its first tag
};

inline constexpr std::string_view kRobotsListVersion = "1.60.0";
inline constexpr std::string_view kRobotsListDate = "2026-08-10";

absl::Span<const RobotPattern> RobotPatterns();

// True where `pattern` stands for one text alone; then that text is written to
// `*literal`.
bool LiteralOf(std::string_view pattern, std::string* literal);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_ROBOTS_LIST_H_
