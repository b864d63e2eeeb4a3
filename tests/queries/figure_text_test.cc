#include "queries/figure_text.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace civlog {
namespace {

TEST(FigureText, Counts) {
  const std::pair<uint64_t, std::string_view> kCases[] = {
      {0, "0"},
      {999, "999"},
      {1000, "1,000"},
      {1234567, "1,234,567"},
      {100000, "100,000"},
      {18446744073709551614u, "18,446,744,073,709,551,614"},
      {kSuppressedCount, "–"}};
  for (const auto& [count, text] : kCases) EXPECT_EQ(FormatCount(count), text);
}

TEST(FigureText, PercentagesNeverRoundToNothingOrAll) {
  const std::pair<double, std::string_view> kCases[] = {
      {0, "0.0 %"},       {0.00001, "<0.1 %"}, {0.0005, "0.1 %"}, {0.724, "72.4 %"},
      {0.9994, "99.9 %"}, {0.9999, ">99.9 %"}, {1, "100.0 %"},
  };
  for (const auto& [share, text] : kCases) {
    EXPECT_EQ(FormatPercent(share, Language::kEnglish), text);
  }
  EXPECT_EQ(FormatPercent(0.724, Language::kKorean), "72.4%");
  EXPECT_EQ(FormatPercent(std::nullopt, Language::kEnglish), "–");
  EXPECT_EQ(FormatShare(0, 0, Language::kEnglish), "–");
  EXPECT_EQ(FormatShare(1, 4, Language::kEnglish), "25.0 %");
}

TEST(FigureText, Intervals) {
  EXPECT_EQ(FormatInterval({1, 2, 0.5, 0.0945, 0.9055}, Language::kEnglish), "9.4–90.5 %");
  EXPECT_EQ(FormatInterval({0, 0, std::nullopt, std::nullopt, std::nullopt}, Language::kEnglish),
            "");
}

TEST(FigureText, Bytes) {
  const std::pair<uint64_t, std::string_view> kCases[] = {{0, "0 B"},
                                                          {999, "999 B"},
                                                          {1000, "1.0 kB"},
                                                          {999949, "999.9 kB"},
                                                          {999950, "1.0 MB"},
                                                          {1200000000, "1.2 GB"},
                                                          {18446744073709551614u, "18.4 EB"},
                                                          {kSuppressedCount, "–"}};
  for (const auto& [bytes, text] : kCases) EXPECT_EQ(FormatBytes(bytes), text);
}

TEST(FigureText, ResponseTimes) {
  const std::pair<std::optional<double>, std::string_view> kCases[] = {
      {std::nullopt, "–"}, {0.0, "0.0 ms"},  {0.42, "0.4 ms"},  {9.94, "9.9 ms"},  {9.96, "10 ms"},
      {340.2, "340 ms"},   {999.6, "1.0 s"}, {1234.0, "1.2 s"}, {30500.0, "30 s"},
  };
  for (const auto& [ms, text] : kCases) EXPECT_EQ(FormatMilliseconds(ms), text);
}

TEST(FigureText, Durations) {
  struct Case {
    std::optional<double> seconds;
    std::string_view english;
    std::string_view korean;
  };
  const Case kCases[] = {
      {std::nullopt, "–", "–"},         {0.2, "0 s", "0초"},
      {48.4, "48 s", "48초"},           {59.6, "1 min", "1분"},
      {312, "5 min 12 s", "5분 12초"},  {7500, "2 h 5 min", "2시간 5분"},
      {273600, "3 d 4 h", "3일 4시간"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(FormatSeconds(c.seconds, Language::kEnglish), c.english);
    EXPECT_EQ(FormatSeconds(c.seconds, Language::kKorean), c.korean);
  }
}

TEST(FigureText, Days) {
  const absl::CivilDay day(2026, 11, 16);
  EXPECT_EQ(FormatDay(day, Language::kEnglish), "2026-11-16 (Mon)");
  EXPECT_EQ(FormatDay(day, Language::kKorean), "2026-11-16(월)");
  EXPECT_EQ(FormatHour(absl::FromCivil(absl::CivilHour(2026, 3, 1, 7), absl::UTCTimeZone()),
                       absl::FixedTimeZone(9 * 3600)),
            "2026-03-01 16:00");
}

TEST(FigureText, IsoWeeks) {
  // Days around the turn of the year, from ISO 8601's own definition.
  const std::pair<absl::CivilDay, std::string_view> kCases[] = {
      {absl::CivilDay(2026, 11, 16), "2026-W47"}, {absl::CivilDay(2026, 11, 22), "2026-W47"},
      {absl::CivilDay(2026, 11, 23), "2026-W48"}, {absl::CivilDay(2027, 1, 1), "2026-W53"},
      {absl::CivilDay(2027, 1, 4), "2027-W01"},   {absl::CivilDay(2024, 12, 30), "2025-W01"},
      {absl::CivilDay(2021, 1, 3), "2020-W53"},
  };
  for (const auto& [day, week] : kCases) EXPECT_EQ(FormatIsoWeek(day), week);
}

TEST(FormatPercent, ShowsSmallSharesWhereAsked) {
  EXPECT_EQ(FormatPercent(0.0029, Language::kEnglish, 2), "0.29 %");
  EXPECT_EQ(FormatPercent(0.00001, Language::kEnglish, 2), "<0.01 %");
  EXPECT_EQ(FormatPercent(0.99999, Language::kKorean, 2), ">99.99%");
  EXPECT_EQ(FormatPercent(0.99999, Language::kKorean), ">99.9%");
}

TEST(FormatDays, SaysOnceWhatBothDaysShare) {
  const absl::CivilDay first(2026, 11, 16);
  const auto days = [&](absl::CivilDay last, Language language) {
    return FormatDays(first, last, language);
  };
  EXPECT_EQ(days(first, Language::kEnglish), "Mon 16 November 2026");
  EXPECT_EQ(days(first, Language::kKorean), "2026년 11월 16일(월)");
  EXPECT_EQ(days(absl::CivilDay(2026, 11, 22), Language::kEnglish), "16–22 November 2026");
  EXPECT_EQ(days(absl::CivilDay(2026, 11, 22), Language::kKorean),
            "2026년 11월 16일(월) ~ 11월 22일(일)");
  EXPECT_EQ(days(absl::CivilDay(2026, 12, 1), Language::kEnglish), "16 November – 1 December 2026");
  EXPECT_EQ(days(absl::CivilDay(2027, 1, 3), Language::kEnglish),
            "16 November 2026 – 3 January 2027");
  EXPECT_EQ(days(absl::CivilDay(2027, 1, 3), Language::kKorean),
            "2026년 11월 16일(월) ~ 2027년 1월 3일(일)");
}

}  // namespace
}  // namespace civlog
