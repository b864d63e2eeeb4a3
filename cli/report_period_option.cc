#include "cli/report_period_option.h"

#include "absl/strings/str_cat.h"
#include "cli/period.h"
#include "parsers/absl_bridge.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

absl::Status Misread(const char* option, const std::string& text, const char* example) {
  return absl::InvalidArgumentError(
      absl::StrCat(option, " ", text, ": not understood; give for example ", example));
}

absl::StatusOr<absl::CivilDay> ReadDay(const char* option, const std::string& text) {
  absl::CivilDay day;
  if (absl::ParseCivilTime(text, &day)) return day;
  return Misread(option, text, "2026-11-16");
}

absl::StatusOr<ReportPeriod> ReadMonth(const std::string& text, absl::TimeZone zone) {
  absl::CivilMonth month;
  if (absl::ParseCivilTime(text, &month)) return MonthPeriod(absl::CivilDay(month), zone);
  return Misread("--month", text, "2026-11");
}

absl::StatusOr<ReportPeriod> ReadSpan(const ReportCommand& command, absl::TimeZone zone) {
  if (command.from.empty() || command.to.empty()) {
    return absl::InvalidArgumentError("--from and --to go together; give both, the last day in it");
  }
  ASSIGN_OR_RETURN(const absl::CivilDay first, ReadDay("--from", command.from));
  ASSIGN_OR_RETURN(const absl::CivilDay last, ReadDay("--to", command.to));
  if (last < first) {
    return absl::InvalidArgumentError("--to is before --from: the period is empty");
  }
  return SpanPeriod(first, last, zone);
}

ReportPeriod LastCompleteWeek(absl::Time last, absl::TimeZone zone) {
  const ReportPeriod week = WeekPeriod(absl::ToCivilDay(last, zone), zone);
  return last >= week.to() - absl::Hours(1) ? week : PeriodBefore(week);
}

}  // namespace

absl::StatusOr<ReportPeriod> ChoosePeriod(const ReportCommand& command, absl::Time last,
                                          absl::TimeZone zone) {
  const int given = (command.week.empty() ? 0 : 1) + (command.day.empty() ? 0 : 1) +
                    (command.month.empty() ? 0 : 1) +
                    (command.from.empty() && command.to.empty() ? 0 : 1);
  if (given > 1) {
    return absl::InvalidArgumentError(
        "--week, --day, --month and --from with --to exclude each other; give one of them");
  }
  if (!command.week.empty()) {
    ASSIGN_OR_RETURN(const Period week, ParsePeriod("", "", command.week, zone, absl::Time()));
    return WeekPeriod(absl::ToCivilDay(week.since, zone), zone);
  }
  if (!command.day.empty()) {
    ASSIGN_OR_RETURN(const absl::CivilDay day, ReadDay("--day", command.day));
    return DayPeriod(day, zone);
  }
  if (!command.month.empty()) return ReadMonth(command.month, zone);
  if (given == 1) return ReadSpan(command, zone);
  return LastCompleteWeek(last, zone);
}

}  // namespace civlog
