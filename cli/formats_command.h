// `civlog formats`: the formats, how each is recognised, and what a log's is.

#ifndef CIVLOG_CLI_FORMATS_COMMAND_H_
#define CIVLOG_CLI_FORMATS_COMMAND_H_

#include <string>
#include <vector>

namespace civlog {

// Without logs lists the presets; with logs tells each one's format and how every
// candidate did.
int RunFormats(const std::vector<std::string>& logs);

}  // namespace civlog

#endif  // CIVLOG_CLI_FORMATS_COMMAND_H_
