// Figures as people read them: 1,234,567, 72.4 %, 1.2 GB, 5 min 12 s.

#ifndef CIVLOG_QUERIES_FIGURE_TEXT_H_
#define CIVLOG_QUERIES_FIGURE_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "queries/analysis.h"
#include "queries/messages.h"

namespace civlog {

// What stands for an absent figure.
inline constexpr std::string_view kAbsentFigure = "–";

// With thousands separators: "1,234,567". Here and below, kSuppressedCount is absent.
std::string FormatCount(uint64_t count);

// With a fixed number of decimals, whatever the process's locale.
std::string FormatDecimal(double value, int decimals);

// A share between 0 and 1 with so many decimals, one or two: "72.4 %" ("72.4%" in Korean). What
// would round to 0 or 100 without being it is "<0.1 %" or ">99.9 %".
std::string FormatPercent(double share, Language language, int decimals = 1);
std::string FormatPercent(const std::optional<double>& share, Language language);

// part / whole, absent where whole is 0.
std::string FormatShare(uint64_t part, uint64_t whole, Language language);

// "71.1–73.7 %"; empty where the rate has no interval.
std::string FormatInterval(const Rate& rate, Language language);

// Decimal units: "999 B", "1.2 GB".
std::string FormatBytes(uint64_t bytes);

// A response time: "0.4 ms", "340 ms", "1.2 s", "31 s".
std::string FormatMilliseconds(const std::optional<double>& ms);

// How long people take: "48 s", "5 min 12 s", "2 h 5 min", "3 d 4 h"
// ("5분 12초").
std::string FormatSeconds(const std::optional<double>& seconds, Language language);

// "2026-11-16 (Mon)", "2026-11-16(월)".
std::string FormatDay(absl::CivilDay day, Language language);

// The days of a period in full: "16–22 November 2026", "2026년 11월 16일(월) ~ 11월 22일(일)".
std::string FormatDays(absl::CivilDay first, absl::CivilDay last, Language language);

// "2026-11-16 14:00".
std::string FormatHour(absl::Time time, absl::TimeZone zone);

// "Mon" or "월".
std::string_view WeekdayLabel(absl::CivilDay day, Language language);

// ISO 8601 week: "2026-W47".
std::string FormatIsoWeek(absl::CivilDay day);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_FIGURE_TEXT_H_
