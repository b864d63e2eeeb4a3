// Which period a report is asked for.

#ifndef CIVLOG_CLI_REPORT_PERIOD_OPTION_H_
#define CIVLOG_CLI_REPORT_PERIOD_OPTION_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "cli/report_command.h"
#include "queries/report_period.h"

namespace civlog {

// By --week 2026-W47, --day 2026-11-16, --month 2026-11 or --from and --to, the last day being
// in it; at most one of these. Without, the last week of whose last hour, or of a later one,
// there is a line: `last` is the time of the last. InvalidArgument names the option, what it
// got and what it takes.
absl::StatusOr<ReportPeriod> ChoosePeriod(const ReportCommand& command, absl::Time last,
                                          absl::TimeZone zone);

}  // namespace civlog

#endif  // CIVLOG_CLI_REPORT_PERIOD_OPTION_H_
