// `civlog analyze`: one pass over logs to the report.

#ifndef CIVLOG_CLI_ANALYZE_COMMAND_H_
#define CIVLOG_CLI_ANALYZE_COMMAND_H_

#include <cstddef>
#include <string>

#include "cli/options.h"

namespace civlog {

struct AnalyzeCommand {
  InputOptions input;
  std::string since, until, week;
  std::string format;  // "text", "json"; empty: by -o's extension, else text
  std::string output;
  std::string language = "en";
  std::string rejects;
  size_t threads = 0;  // 0: all cores
  size_t block_bytes = size_t{1} << 20;
  bool quiet = false;
  bool no_progress = false;
  bool no_color = false;
  bool raw = false;
  bool keep_duplicates = false;
};

// Runs it and returns the exit code.
int RunAnalyze(const AnalyzeCommand& command);

}  // namespace civlog

#endif  // CIVLOG_CLI_ANALYZE_COMMAND_H_
