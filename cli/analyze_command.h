// `civlog analyze`: one pass over logs to the report.

#ifndef CIVLOG_CLI_ANALYZE_COMMAND_H_
#define CIVLOG_CLI_ANALYZE_COMMAND_H_

#include <string>

#include "cli/run_flags.h"

namespace civlog {

struct AnalyzeCommand {
  RunFlags run;
  std::string rejects;
};

// Runs it and returns the exit code.
int RunAnalyze(const AnalyzeCommand& command);

}  // namespace civlog

#endif  // CIVLOG_CLI_ANALYZE_COMMAND_H_
