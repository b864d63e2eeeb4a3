// `civlog report`: what a store has of a week, written for those who run a city.

#ifndef CIVLOG_CLI_REPORT_COMMAND_H_
#define CIVLOG_CLI_REPORT_COMMAND_H_

#include <string>

#include "cli/options.h"

namespace civlog {

// Options as they were given; empty where they were not.
struct ReportCommand {
  InputOptions input;  // the catalogue
  std::string store;
  std::string week, day, month, from, to;
  std::string format, output;
  std::string language = "en";
  std::string channels;
  std::string department;
  std::string split;     // "department"
  std::string mail;      // addresses, with commas between
  std::string schedule;  // "all", "service" or "timer": what to print of the example
  bool disclosure_control = false;
  bool strict = false;  // a period with holes is no success
  bool no_color = false;
  bool quiet = false;
};

// Runs it and returns the exit code: kNothingCounted where the store knows nothing of the
// period, and under `strict` where the period has holes.
int RunReport(const ReportCommand& command);

}  // namespace civlog

#endif  // CIVLOG_CLI_REPORT_COMMAND_H_
