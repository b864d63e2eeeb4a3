// The compiled-in robots list, and what is known better than it.
//
// See engine/robots/README.md for where the list comes from.

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

// In the order of the list, which decides: the first pattern that matches counts.
absl::Span<const RobotPattern> RobotPatterns();

// Robots that the list lacks; `pattern` is a plain text. They come after the list.
absl::Span<const RobotPattern> MoreRobots();

// Some patterns of the list are also what people's telephones are called. True
// where `pattern` is one that ever is.
bool MayBePhone(std::string_view pattern);
// True where `agent`, which `pattern` matches, is such a telephone and no robot.
bool IsPhone(std::string_view pattern, std::string_view agent);

// True where `pattern` stands for one text alone; then that text is written to
// `*literal`.
bool LiteralOf(std::string_view pattern, std::string* literal);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_ROBOTS_LIST_H_
