// `civlog query`: filter, group and count; or the matching lines themselves.

#ifndef CIVLOG_CLI_QUERY_COMMAND_H_
#define CIVLOG_CLI_QUERY_COMMAND_H_

#include <cstdint>
#include <string>

#include "cli/run_flags.h"
#include "queries/query_plan.h"

namespace civlog {

struct QueryCommand {
  std::string store;  // instead of logs; empty for none
  RunFlags run;
  bool disclosure_control = false;  // refused
  QueryRequest request;             // `where` and `raw` are those of `run`
  std::string compare;              // "previous", or how far back
  bool records = false;
  uint64_t limit = 0;  // of records; 0: all
  bool list = false;
};

// Runs it and returns the exit code.
int RunQuery(const QueryCommand& command);

// What `civlog query --help` shows below the options.
extern const char kQueryExamples[];

}  // namespace civlog

#endif  // CIVLOG_CLI_QUERY_COMMAND_H_
