// The units that make systemd write the report every Monday.

#ifndef CIVLOG_CLI_SCHEDULE_EXAMPLE_H_
#define CIVLOG_CLI_SCHEDULE_EXAMPLE_H_

#include <string>
#include <string_view>

namespace civlog {

// civlog-report.service and civlog-report.timer, or both, each under a line with its name.
// `which` is "service", "timer" or "all"; `zone` the portal's time zone.
std::string ScheduleExample(std::string_view which, std::string_view zone);

}  // namespace civlog

#endif  // CIVLOG_CLI_SCHEDULE_EXAMPLE_H_
