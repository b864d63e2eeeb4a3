#include "engine/robots_list.h"

#include <cctype>

namespace civlog {
namespace {

constexpr RobotPattern kPatterns[] = {
#include "robots_table.inc"
};

}  // namespace

absl::Span<const RobotPattern> RobotPatterns() { return kPatterns; }

bool LiteralOf(std::string_view pattern, std::string* literal) {
  literal->clear();
  for (size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    if (c == '\\') {
      // An escaped letter is a class or an assertion.
      if (++i == pattern.size() || std::isalnum(static_cast<unsigned char>(pattern[i])) != 0) {
        return false;
      }
      c = pattern[i];
    } else if (std::string_view("([{|?*+^$.").find(c) != std::string_view::npos) {
      return false;
    }
    literal->push_back(c);
  }
  return literal->size() >= 3;
}

}  // namespace civlog
