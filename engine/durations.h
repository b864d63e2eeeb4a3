// Durations as operators write them: "90s", "30m", "2h", "7d", "1w".

#ifndef CIVLOG_ENGINE_DURATIONS_H_
#define CIVLOG_ENGINE_DURATIONS_H_

#include <optional>
#include <string_view>

#include "absl/time/time.h"

namespace civlog {

// A number of at most nine digits and one unit, nothing else; nullopt where `text`
// is not that. A day has 24 hours, a week 7 days.
std::optional<absl::Duration> ParseDuration(std::string_view text);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_DURATIONS_H_
