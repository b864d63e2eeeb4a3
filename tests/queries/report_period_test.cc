#include "queries/report_period.h"

#include <gtest/gtest.h>

namespace civlog {
namespace {

absl::TimeZone Seoul() { return absl::FixedTimeZone(9 * 3600); }

TEST(ReportPeriod, KnowsTheUsualOnes) {
  const absl::TimeZone zone = Seoul();
  const ReportPeriod week = WeekPeriod(absl::CivilDay(2026, 11, 18), zone);
  EXPECT_EQ(week.first, absl::CivilDay(2026, 11, 16));
  EXPECT_EQ(week.end, absl::CivilDay(2026, 11, 23));
  const ReportPeriod month = MonthPeriod(absl::CivilDay(2026, 2, 3), zone);
  EXPECT_EQ(month.end, absl::CivilDay(2026, 3, 1));
  EXPECT_EQ(SpanPeriod(absl::CivilDay(2026, 11, 16), absl::CivilDay(2026, 11, 22), zone).kind,
            PeriodKind::kWeek);
  EXPECT_EQ(SpanPeriod(absl::CivilDay(2026, 11, 1), absl::CivilDay(2026, 11, 30), zone).kind,
            PeriodKind::kMonth);
  EXPECT_EQ(SpanPeriod(absl::CivilDay(2026, 11, 1), absl::CivilDay(2026, 11, 1), zone).kind,
            PeriodKind::kDay);
  EXPECT_EQ(SpanPeriod(absl::CivilDay(2026, 11, 17), absl::CivilDay(2026, 11, 23), zone).kind,
            PeriodKind::kSpan);
}

TEST(ReportPeriod, HasOnesBefore) {
  const absl::TimeZone zone = Seoul();
  // 2026 has 53 ISO weeks; weekdays stay the same.
  const ReportPeriod first = WeekPeriod(absl::CivilDay(2027, 1, 4), zone);
  EXPECT_EQ(PeriodBefore(first).first, absl::CivilDay(2026, 12, 28));
  EXPECT_EQ(YearBefore(first).first, absl::CivilDay(2026, 1, 5));
  EXPECT_EQ(absl::GetWeekday(YearBefore(first).first), absl::Weekday::monday);
  const ReportPeriod march = MonthPeriod(absl::CivilDay(2026, 3, 1), zone);
  EXPECT_EQ(PeriodBefore(march).first, absl::CivilDay(2026, 2, 1));
  EXPECT_EQ(PeriodBefore(march).end, absl::CivilDay(2026, 3, 1));
  EXPECT_EQ(YearBefore(march).first, absl::CivilDay(2025, 3, 1));
  const ReportPeriod span =
      SpanPeriod(absl::CivilDay(2026, 11, 10), absl::CivilDay(2026, 11, 12), zone);
  EXPECT_EQ(PeriodBefore(span, 2).first, absl::CivilDay(2026, 11, 4));
  EXPECT_EQ(PeriodBefore(span, 2).end, absl::CivilDay(2026, 11, 7));
}

// A day of 23 or 25 hours is a day.
TEST(ReportPeriod, CoversDaysOfAnyLength) {
  absl::TimeZone berlin;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Berlin", &berlin));
  const ReportPeriod week = WeekPeriod(absl::CivilDay(2026, 10, 25), berlin);
  EXPECT_EQ(week.to() - week.from(), absl::Hours(7 * 24 + 1));
  const ReportPeriod covered = CoveringPeriod(week.from(), week.to(), berlin);
  EXPECT_EQ(covered.first, week.first);
  EXPECT_EQ(covered.kind, PeriodKind::kWeek);
}

}  // namespace
}  // namespace civlog
