// `civlog ingest`: adds logs to a store, every line once.

#ifndef CIVLOG_CLI_INGEST_COMMAND_H_
#define CIVLOG_CLI_INGEST_COMMAND_H_

#include <string>
#include <vector>

#include "cli/run_flags.h"

namespace civlog {

struct IngestCommand {
  RunFlags run;
  std::string store;
  std::string source;                // what standard input is known as
  std::vector<std::string> replace;  // days to count anew: dates
  bool reclassify = false;           // count every day that the logs have anew
  std::string checkpoint_every;      // for tests: how long a run may count before it keeps
};

// Returns the program's exit code.
int RunIngest(const IngestCommand& command);

}  // namespace civlog

#endif  // CIVLOG_CLI_INGEST_COMMAND_H_
