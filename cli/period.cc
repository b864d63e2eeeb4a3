#include "cli/period.h"

#include <re2/re2.h>

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

absl::CivilDay MondayOf(absl::CivilDay day) {
  return absl::PrevWeekday(day + 1, absl::Weekday::monday);
}

std::optional<absl::Duration> Length(const std::string& text) {
  static const RE2 pattern(R"((\d{1,6})([smhdw]))");
  int64_t amount = 0;
  std::string unit;
  if (!RE2::FullMatch(text, pattern, &amount, &unit)) return std::nullopt;
  const int64_t seconds = unit == "s"   ? 1
                          : unit == "m" ? 60
                          : unit == "h" ? 3600
                          : unit == "d" ? 86400
                                        : 7 * 86400;
  return absl::Seconds(amount * seconds);
}

// A stretch of time that an option's words stand for.
std::optional<Period> Stretch(const std::string& text, absl::TimeZone zone, absl::Time now) {
  const auto days = [zone](absl::CivilDay from, absl::CivilDay to) {
    return Period{absl::FromCivil(from, zone), absl::FromCivil(to, zone)};
  };
  const absl::CivilDay today = absl::ToCivilDay(now, zone);
  if (text == "now") return Period{now, now};
  if (text == "today") return days(today, today + 1);
  if (text == "yesterday") return days(today - 1, today);
  if (text == "this-week") return days(MondayOf(today), MondayOf(today) + 7);
  if (text == "last-week") return days(MondayOf(today) - 7, MondayOf(today));
  if (const std::optional<absl::Duration> length = Length(text)) {
    return Period{now - *length, now - *length};
  }
  absl::CivilDay day;
  if (absl::ParseCivilTime(text, &day)) return days(day, day);
  absl::CivilSecond second;
  absl::CivilMinute minute;
  if (absl::ParseCivilTime(text, &second)) {
    const absl::Time time = absl::FromCivil(second, zone);
    return Period{time, time};
  }
  if (absl::ParseCivilTime(text, &minute)) {
    const absl::Time time = absl::FromCivil(minute, zone);
    return Period{time, time};
  }
  absl::Time time;
  std::string error;
  if (absl::ParseTime(absl::RFC3339_full, text, &time, &error)) return Period{time, time};
  return std::nullopt;
}

absl::Status BadTime(const char* option, const std::string& text) {
  return absl::InvalidArgumentError(
      absl::StrCat(option, " ", text,
                   ": not a time; give 2026-11-20, 2026-11-20T14:00, 7d, 24h, today, yesterday, "
                   "this-week or last-week"));
}

absl::StatusOr<Period> ParseWeek(const std::string& text, absl::TimeZone zone) {
  static const RE2 pattern(R"((\d{4})-W(\d{2}))");
  int year = 0;
  int week = 0;
  if (RE2::FullMatch(text, pattern, &year, &week) && week >= 1 && week <= 53) {
    // ISO 8601: week 1 is the one with 4 January in it.
    const absl::CivilDay monday = MondayOf(absl::CivilDay(year, 1, 4)) + 7 * (week - 1);
    if ((monday + 3).year() == year) {
      return Period{absl::FromCivil(monday, zone), absl::FromCivil(monday + 7, zone)};
    }
  }
  return absl::InvalidArgumentError(
      absl::StrCat("--week ", text, ": not an ISO week; give for example 2026-W47"));
}

}  // namespace

absl::StatusOr<absl::Duration> ParseLength(const char* option, const std::string& text) {
  const std::optional<absl::Duration> length = Length(text);
  if (length && *length > absl::ZeroDuration()) return *length;
  return absl::InvalidArgumentError(absl::StrCat(
      option, " ", text, ": not a length of time; give for example 30m, 2h, 7d or 1w"));
}

absl::StatusOr<Period> ParsePeriod(const std::string& since, const std::string& until,
                                   const std::string& week, absl::TimeZone zone, absl::Time now) {
  if (!week.empty()) {
    if (!since.empty() || !until.empty()) {
      return absl::InvalidArgumentError("--week and --since or --until exclude each other");
    }
    return ParseWeek(week, zone);
  }
  Period period;
  if (!since.empty()) {
    const std::optional<Period> stretch = Stretch(since, zone, now);
    if (!stretch) return BadTime("--since", since);
    period.since = stretch->since;
  }
  if (!until.empty()) {
    const std::optional<Period> stretch = Stretch(until, zone, now);
    if (!stretch) return BadTime("--until", until);
    period.until = stretch->until;
  }
  if (period.until <= period.since) {
    return absl::InvalidArgumentError("--until is not after --since: the period is empty");
  }
  return period;
}

}  // namespace civlog
