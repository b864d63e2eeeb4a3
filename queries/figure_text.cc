#include "queries/figure_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "absl/strings/str_cat.h"

namespace civlog {
namespace {

// Two digits, zero-padded.
std::string TwoDigits(int value) {
  std::string text = std::to_string(value);
  return text.size() < 2 ? absl::StrCat("0", text) : text;
}

std::string IsoDay(absl::CivilDay day) {
  return std::to_string(day.year())
      .append("-")
      .append(TwoDigits(day.month()))
      .append("-")
      .append(TwoDigits(day.day()));
}

std::string_view PercentSign(Language language) {
  return language == Language::kKorean ? "%" : " %";
}

// The number of a percentage without its sign. See FormatPercent.
std::string PercentNumber(double share, int decimals) {
  const double least = decimals > 1 ? 0.0001 : 0.001;  // that is told from 0 and from 1
  const double percent = 100;
  if (share > 0 && share < least / 2) {
    return std::string("<").append(FormatDecimal(least * percent, decimals));
  }
  if (share < 1 && share >= 1 - least / 2) {
    return std::string(">").append(FormatDecimal((1 - least) * percent, decimals));
  }
  return FormatDecimal(share * percent, decimals);
}

struct DurationUnit {
  uint64_t seconds;
  std::array<std::string_view, kLanguageCount> name;
};

constexpr DurationUnit kDurationUnits[] = {
    {86400, {" d", "일"}},
    {3600, {" h", "시간"}},
    {60, {" min", "분"}},
    {1, {" s", "초"}},
};

std::string_view EnglishMonth(int month) {
  constexpr std::string_view kNames[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
  return kNames[static_cast<size_t>(month - 1)];
}

std::string EnglishDay(absl::CivilDay day, bool month, bool year) {
  std::string text = std::to_string(day.day());
  if (month) text.append(" ").append(EnglishMonth(day.month()));
  if (year) text.append(" ").append(std::to_string(day.year()));
  return text;
}

std::string KoreanDay(absl::CivilDay day, bool year) {
  std::string text = year ? std::to_string(day.year()).append("년 ") : "";
  text.append(std::to_string(day.month())).append("월 ").append(std::to_string(day.day()));
  return text.append("일(").append(WeekdayLabel(day, Language::kKorean)).append(")");
}

}  // namespace

std::string FormatCount(uint64_t count) {
  if (IsSuppressed(count)) return std::string(kAbsentFigure);
  std::string text = std::to_string(count);
  for (size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
  return text;
}

std::string FormatDecimal(double value, int decimals) {
  if (!std::isfinite(value)) return std::string(kAbsentFigure);
  std::array<char, 400> buffer;  // DBL_MAX has 309 digits
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                    std::chars_format::fixed, decimals);
  return std::string(buffer.data(), result.ptr);
}

std::string FormatPercent(double share, Language language, int decimals) {
  return PercentNumber(share, decimals).append(PercentSign(language));
}

std::string FormatPercent(const std::optional<double>& share, Language language) {
  return share ? FormatPercent(*share, language) : std::string(kAbsentFigure);
}

std::string FormatShare(uint64_t part, uint64_t whole, Language language) {
  if (whole == 0 || IsSuppressed(part) || IsSuppressed(whole)) return std::string(kAbsentFigure);
  return FormatPercent(static_cast<double>(part) / static_cast<double>(whole), language);
}

std::string FormatInterval(const Rate& rate, Language language) {
  if (!rate.low || !rate.high) return "";
  return FormatDecimal(*rate.low * 100, 1)
      .append("–")
      .append(FormatDecimal(*rate.high * 100, 1))
      .append(PercentSign(language));
}

std::string FormatBytes(uint64_t bytes) {
  constexpr std::string_view kUnits[] = {" B", " kB", " MB", " GB", " TB", " PB", " EB"};
  if (IsSuppressed(bytes)) return std::string(kAbsentFigure);
  if (bytes < 1000) return std::to_string(bytes).append(kUnits[0]);
  double value = static_cast<double>(bytes);
  size_t unit = 0;
  // 999,950 bytes would print as "1000.0 kB".
  while (value >= 999.95 && unit + 1 < std::size(kUnits)) {
    value /= 1000;
    ++unit;
  }
  return FormatDecimal(value, 1).append(kUnits[unit]);
}

std::string FormatMilliseconds(const std::optional<double>& ms) {
  if (!ms) return std::string(kAbsentFigure);
  if (*ms < 9.95) return FormatDecimal(*ms, 1) + " ms";
  if (*ms < 999.5) return FormatDecimal(*ms, 0) + " ms";
  const double seconds = *ms / 1000;
  return FormatDecimal(seconds, seconds < 9.95 ? 1 : 0) + " s";
}

std::string FormatSeconds(const std::optional<double>& seconds, Language language) {
  if (!seconds || !std::isfinite(*seconds)) return std::string(kAbsentFigure);
  const uint64_t whole = static_cast<uint64_t>(std::llround(std::clamp(*seconds, 0.0, 1e15)));
  size_t unit = 0;
  while (unit + 1 < std::size(kDurationUnits) && whole < kDurationUnits[unit].seconds) ++unit;
  const auto name = [language](size_t u) {
    return kDurationUnits[u].name[static_cast<size_t>(language)];
  };
  std::string text = std::to_string(whole / kDurationUnits[unit].seconds).append(name(unit));
  if (unit + 1 == std::size(kDurationUnits)) return text;
  const uint64_t rest = whole % kDurationUnits[unit].seconds / kDurationUnits[unit + 1].seconds;
  if (rest == 0) return text;
  return text.append(" ").append(std::to_string(rest)).append(name(unit + 1));
}

std::string_view WeekdayLabel(absl::CivilDay day, Language language) {
  constexpr std::string_view kLabels[][kLanguageCount] = {
      {"Mon", "월"}, {"Tue", "화"}, {"Wed", "수"}, {"Thu", "목"},
      {"Fri", "금"}, {"Sat", "토"}, {"Sun", "일"}};
  return kLabels[static_cast<size_t>(absl::GetWeekday(day))][static_cast<size_t>(language)];
}

std::string FormatDay(absl::CivilDay day, Language language) {
  const std::string_view before = language == Language::kKorean ? "(" : " (";
  return IsoDay(day).append(before).append(WeekdayLabel(day, language)).append(")");
}

std::string FormatDays(absl::CivilDay first, absl::CivilDay last, Language language) {
  const bool same_year = first.year() == last.year();
  if (language == Language::kKorean) {
    std::string text = KoreanDay(first, true);
    return first == last ? text : text.append(" ~ ").append(KoreanDay(last, !same_year));
  }
  if (first == last) {
    return std::string(WeekdayLabel(first, language))
        .append(" ")
        .append(EnglishDay(first, true, true));
  }
  const bool same_month = same_year && first.month() == last.month();
  return EnglishDay(first, !same_month, !same_year)
      .append(same_month ? "–" : " – ")
      .append(EnglishDay(last, true, true));
}

std::string FormatHour(absl::Time time, absl::TimeZone zone) {
  const absl::CivilMinute minute = absl::ToCivilMinute(time, zone);
  return IsoDay(absl::CivilDay(minute))
      .append(" ")
      .append(TwoDigits(minute.hour()))
      .append(":")
      .append(TwoDigits(minute.minute()));
}

std::string FormatIsoWeek(absl::CivilDay day) {
  // A week belongs to the year of its Thursday (ISO 8601-1, 4.2.4).
  const absl::CivilDay thursday =
      absl::NextWeekday(absl::PrevWeekday(day + 1, absl::Weekday::monday), absl::Weekday::thursday);
  const int week = (absl::GetYearDay(thursday) - 1) / 7 + 1;
  return std::to_string(thursday.year()).append("-W").append(TwoDigits(week));
}

}  // namespace civlog
