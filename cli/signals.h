// Ctrl-C and closed pipes.

#ifndef CIVLOG_CLI_SIGNALS_H_
#define CIVLOG_CLI_SIGNALS_H_

#include <atomic>

namespace civlog {

// Ignores SIGPIPE (a closed pipe shows as a failed write) and makes SIGINT and
// SIGTERM set the flag that is returned; a second one ends the program at once. The
// flag lives as long as the program.
const std::atomic<bool>* WatchSignals();

}  // namespace civlog

#endif  // CIVLOG_CLI_SIGNALS_H_
