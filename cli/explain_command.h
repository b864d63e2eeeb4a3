// `civlog explain`: what civlog makes of each line, and by which rule.

#ifndef CIVLOG_CLI_EXPLAIN_COMMAND_H_
#define CIVLOG_CLI_EXPLAIN_COMMAND_H_

#include <cstdint>
#include <string>

#include "cli/options.h"

namespace civlog {

struct ExplainCommand {
  InputOptions input;
  uint64_t line = 0;  // 1-based; 0: every line
  bool json = false;
};

int RunExplain(const ExplainCommand& command);

}  // namespace civlog

#endif  // CIVLOG_CLI_EXPLAIN_COMMAND_H_
