#include "queries/report_period.h"

namespace civlog {
namespace {

constexpr int kDaysOfWeek = 7;
constexpr int kDaysOf52Weeks = 52 * kDaysOfWeek;

absl::CivilDay MondayOf(absl::CivilDay day) {
  return absl::PrevWeekday(day + 1, absl::Weekday::monday);
}

}  // namespace

std::string PeriodKindName(PeriodKind kind) {
  switch (kind) {
    case PeriodKind::kDay:
      return "day";
    case PeriodKind::kWeek:
      return "week";
    case PeriodKind::kMonth:
      return "month";
    case PeriodKind::kSpan:
      break;
  }
  return "span";
}

ReportPeriod DayPeriod(absl::CivilDay day, absl::TimeZone zone) {
  return {PeriodKind::kDay, day, day + 1, zone};
}

ReportPeriod WeekPeriod(absl::CivilDay day, absl::TimeZone zone) {
  const absl::CivilDay monday = MondayOf(day);
  return {PeriodKind::kWeek, monday, monday + kDaysOfWeek, zone};
}

ReportPeriod MonthPeriod(absl::CivilDay day, absl::TimeZone zone) {
  const absl::CivilMonth month(day);
  return {PeriodKind::kMonth, absl::CivilDay(month), absl::CivilDay(month + 1), zone};
}

ReportPeriod SpanPeriod(absl::CivilDay first, absl::CivilDay last, absl::TimeZone zone) {
  for (const ReportPeriod& usual :
       {DayPeriod(first, zone), WeekPeriod(first, zone), MonthPeriod(first, zone)}) {
    if (usual.first == first && usual.end == last + 1) return usual;
  }
  return {PeriodKind::kSpan, first, last + 1, zone};
}

ReportPeriod CoveringPeriod(absl::Time from, absl::Time to, absl::TimeZone zone) {
  const absl::CivilDay first = absl::ToCivilDay(from, zone);
  const absl::CivilDay last = absl::ToCivilDay(to - absl::Nanoseconds(1), zone);
  return SpanPeriod(first, last < first ? first : last, zone);
}

ReportPeriod PeriodBefore(const ReportPeriod& period, int count) {
  if (period.kind == PeriodKind::kMonth) {
    return MonthPeriod(absl::CivilDay(absl::CivilMonth(period.first) - count), period.zone);
  }
  const absl::civil_diff_t days = (period.end - period.first) * count;
  return {period.kind, period.first - days, period.end - days, period.zone};
}

ReportPeriod YearBefore(const ReportPeriod& period) {
  constexpr int kMonths = 12;
  if (period.kind == PeriodKind::kMonth) return PeriodBefore(period, kMonths);
  return {period.kind, period.first - kDaysOf52Weeks, period.end - kDaysOf52Weeks, period.zone};
}

}  // namespace civlog
