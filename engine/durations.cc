#include "engine/durations.h"

#include <charconv>
#include <cstdint>

namespace civlog {
namespace {

constexpr size_t kMaxDigits = 9;  // so that weeks in seconds stay far from overflow

int64_t SecondsIn(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3600;
    case 'd':
      return 86400;
    case 'w':
      return 7 * 86400;
    default:
      return 0;
  }
}

}  // namespace

std::optional<absl::Duration> ParseDuration(std::string_view text) {
  if (text.size() < 2 || text.size() > kMaxDigits + 1) return std::nullopt;
  const int64_t unit = SecondsIn(text.back());
  const std::string_view digits = text.substr(0, text.size() - 1);
  if (unit == 0 || digits.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  int64_t amount = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), amount);
  return absl::Seconds(amount * unit);
}

}  // namespace civlog
