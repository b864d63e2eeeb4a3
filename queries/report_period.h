// The stretch of time that a report is about, and those it is compared with.

#ifndef CIVLOG_QUERIES_REPORT_PERIOD_H_
#define CIVLOG_QUERIES_REPORT_PERIOD_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace civlog {

enum class PeriodKind : uint8_t { kDay, kWeek, kMonth, kSpan };
std::string PeriodKindName(PeriodKind kind);  // "day", ...

// [from, to), whole days of the zone's clock; empty where no period is known. A value type.
struct ReportPeriod {
  PeriodKind kind = PeriodKind::kSpan;
  absl::CivilDay first;
  absl::CivilDay end;  // exclusive
  absl::TimeZone zone;

  absl::Time from() const { return absl::FromCivil(first, zone); }
  absl::Time to() const { return absl::FromCivil(end, zone); }
};

// The day, ISO week or month that the day is in.
ReportPeriod DayPeriod(absl::CivilDay day, absl::TimeZone zone);
ReportPeriod WeekPeriod(absl::CivilDay day, absl::TimeZone zone);
ReportPeriod MonthPeriod(absl::CivilDay day, absl::TimeZone zone);
// From the first day to the last, which is in it. It is a day, a week or a month where it is
// just that. REQUIRES: first <= last.
ReportPeriod SpanPeriod(absl::CivilDay first, absl::CivilDay last, absl::TimeZone zone);
// The days that [from, to) touches.
ReportPeriod CoveringPeriod(absl::Time from, absl::Time to, absl::TimeZone zone);

// The one `count` periods of the same kind and length before.
ReportPeriod PeriodBefore(const ReportPeriod& period, int count = 1);
// A year before: the same month, or else 52 weeks before, so that weekdays are the same.
ReportPeriod YearBefore(const ReportPeriod& period);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_REPORT_PERIOD_H_
