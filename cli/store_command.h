// `civlog store`: what is done with stores besides adding to them and reading them.

#ifndef CIVLOG_CLI_STORE_COMMAND_H_
#define CIVLOG_CLI_STORE_COMMAND_H_

#include <string>
#include <vector>

namespace civlog {

struct StoreCommand {
  std::string verb;  // info, check, compact, forget or merge
  std::string store;
  std::string before;               // of forget: a date
  std::vector<std::string> others;  // of merge
  bool json = false;                // of info
};

// Returns the program's exit code.
int RunStore(const StoreCommand& command);

}  // namespace civlog

#endif  // CIVLOG_CLI_STORE_COMMAND_H_
