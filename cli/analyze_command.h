// `civlog analyze`: one pass over logs to the report.

#ifndef CIVLOG_CLI_ANALYZE_COMMAND_H_
#define CIVLOG_CLI_ANALYZE_COMMAND_H_

#include <string>

#include "cli/run_flags.h"

namespace civlog {

struct AnalyzeCommand {
  RunFlags run;
  std::string rejects;
  std::string channels;             // a file; empty: the catalogue's, else none
  bool disclosure_control = false;  // --public
};

// Runs it and returns the exit code.
int RunAnalyze(const AnalyzeCommand& command);

}  // namespace civlog

#endif  // CIVLOG_CLI_ANALYZE_COMMAND_H_
