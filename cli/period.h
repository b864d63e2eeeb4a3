// Periods as the command line gives them: --since, --until, --week.

#ifndef CIVLOG_CLI_PERIOD_H_
#define CIVLOG_CLI_PERIOD_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace civlog {

struct Period {
  absl::Time since = absl::InfinitePast();
  absl::Time until = absl::InfiniteFuture();  // exclusive
};

// A length of time: 30m, 2h, 7d, 1w. InvalidArgument, naming `option`, where it is none.
absl::StatusOr<absl::Duration> ParseLength(const char* option, const std::string& text);

// Reads the three options ("" where not given) in `zone`. Points in time are ISO
// dates (2026-11-20, its first instant), times (2026-11-20T14:00, with seconds, with
// Z or an offset), or relative to `now`: "7d", "24h", "90m" ago, "now", "today",
// "yesterday", "this-week", "last-week". Such a word means its period's beginning as
// --since and its end as --until. A week is an ISO week, 2026-W47. InvalidArgument names the
// option, what it got and what it takes.
absl::StatusOr<Period> ParsePeriod(const std::string& since, const std::string& until,
                                   const std::string& week, absl::TimeZone zone, absl::Time now);

}  // namespace civlog

#endif  // CIVLOG_CLI_PERIOD_H_
